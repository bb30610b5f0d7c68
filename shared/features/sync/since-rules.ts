/** Where a client is in the changes of which conversations it takes part in. */
export interface Since {
  /**
   * Everything until then was told, in milliseconds since the epoch by the server's clock; 0 for nothing. Of a round that
   * is under way: when it began, which is what will have been told at its end.
   */
  readonly until: number;
  /** Of a round that is under way: what was told last. */
  readonly told?: { readonly at: number; readonly conversationId: string };
}

/** When a user's part in a conversation began or ended. */
export interface PartChange {
  readonly conversationId: string;
  readonly at: number;
  readonly left: boolean;
}

/**
 * A change carries the time of the clock that made it, and is there only once its transaction is: for so long it may
 * come to light after changes that are older. What lies this close to the last round is told again, which changes nothing.
 */
const overlapMs = 2 * 60 * 1000;

/** What a client keeps, and gives back unread. */
export function sinceToken({ until, told }: Since): string {
  return Buffer.from(JSON.stringify(told === undefined ? [until] : [until, told.at, told.conversationId])).toString(
    'base64url',
  );
}

/**
 * What a token says. One that cannot be read stands for the beginning: everything is told again, and nothing is missed.
 * @param at - now: nothing was told that is still to come.
 */
export function readSinceToken(token: string, at: number): Since {
  const beginning: Since = { until: 0 };
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return beginning;
  }
  if (!Array.isArray(parsed)) return beginning;
  const [until, toldAt, conversationId] = parsed as unknown[];
  if (!isTime(until)) return beginning;
  if (parsed.length === 1) return { until: Math.min(until, at) };
  if (!isTime(toldAt) || typeof conversationId !== 'string') return beginning;
  return { until: Math.min(until, at), told: { at: toldAt, conversationId } };
}

/** The changes that are still to be told, in the order in which they are. */
export function changesSince(changes: readonly PartChange[], since: Since): readonly PartChange[] {
  const { until, told } = since;
  const isNew = (change: PartChange) =>
    told === undefined ? change.at >= until - overlapMs : byTime(told, change) < 0;
  return changes.filter(isNew).sort(byTime);
}

/** What will have been told at the end of the round: of one that is under way, or that begins at the given time. */
export function endOfRound(since: Since | undefined, at: number): Since {
  return { until: since?.told === undefined ? at : since.until };
}

function byTime(one: Omit<PartChange, 'left'>, other: Omit<PartChange, 'left'>): number {
  if (one.at !== other.at || one.conversationId === other.conversationId) return one.at - other.at;
  return one.conversationId < other.conversationId ? -1 : 1;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
