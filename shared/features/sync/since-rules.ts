/** The position of a client in the changes of its user's memberships. */
export interface Since {
  /**
   * The client has all changes until then, in milliseconds since the epoch by the server's clock; 0 for none. During a
   * round: when the round began, which is the position at its end.
   */
  readonly until: number;
  /** During a round: the last change that was sent. */
  readonly told?: { readonly at: number; readonly conversationId: string };
}

/** The time when a user joined or left a conversation. */
export interface PartChange {
  readonly conversationId: string;
  readonly at: number;
  readonly left: boolean;
}

/**
 * A change has the time of the clock that made it and becomes visible with its transaction, so it can appear after newer
 * changes. Changes this close to the last round are sent again. A repetition has no effect.
 */
const overlapMs = 2 * 60 * 1000;

/** A token that the client keeps and returns without reading it. */
export function sinceToken({ until, told }: Since): string {
  return Buffer.from(JSON.stringify(told === undefined ? [until] : [until, told.at, told.conversationId])).toString(
    'base64url',
  );
}

/**
 * The position in a token. An unreadable token means the beginning: the client receives everything again and misses
 * nothing.
 * @param at - now, the latest possible position.
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

/** The changes to send, in their order. */
export function changesSince(changes: readonly PartChange[], since: Since): readonly PartChange[] {
  const { until, told } = since;
  const isNew = (change: PartChange) =>
    told === undefined ? change.at >= until - overlapMs : byTime(told, change) < 0;
  return changes.filter(isNew).sort(byTime);
}

/** The position at the end of a round, which is under way or begins now. */
export function endOfRound(since: Since | undefined, at: number): Since {
  return { until: since?.told === undefined ? at : since.until };
}

function byTime(first: Omit<PartChange, 'left'>, second: Omit<PartChange, 'left'>): number {
  if (first.at !== second.at || first.conversationId === second.conversationId) return first.at - second.at;
  return first.conversationId < second.conversationId ? -1 : 1;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
