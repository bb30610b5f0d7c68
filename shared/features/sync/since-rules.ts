export interface Since {
  /**
   * Milliseconds since the epoch by the server's clock; 0 for none. During a round of pages: the time when the round
   * began.
   */
  readonly until: number;
  readonly lastSent?: { readonly at: number; readonly conversationId: string };
}

export interface MembershipChange {
  readonly conversationId: string;
  readonly at: number;
  readonly left: boolean;
  /** An agent had access before the change. Whether the agent has access now decides. */
  readonly mayHaveLeft?: true;
}

/**
 * A change has the time of its writer's clock, so it can appear after newer changes. Changes of this time span are sent
 * again.
 */
export const overlapMs = 2 * 60 * 1000;

export function sinceToken({ until, lastSent }: Since): string {
  return Buffer.from(
    JSON.stringify(lastSent === undefined ? [until] : [until, lastSent.at, lastSent.conversationId]),
  ).toString('base64url');
}

/**
 * An unreadable token means the beginning, so the client misses nothing.
 * @param at - the latest possible position.
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
  const [until, lastSentAt, conversationId] = parsed as unknown[];
  if (!isTime(until)) return beginning;
  if (parsed.length === 1) return { until: Math.min(until, at) };
  if (!isTime(lastSentAt) || typeof conversationId !== 'string') return beginning;
  return { until: Math.min(until, at), lastSent: { at: lastSentAt, conversationId } };
}

export function changesSince(changes: readonly MembershipChange[], since: Since): readonly MembershipChange[] {
  const { until, lastSent } = since;
  const isNew = (change: MembershipChange) =>
    lastSent === undefined ? change.at >= until - overlapMs : byTime(lastSent, change) < 0;
  return changes.filter(isNew).sort(byTime);
}

/** Returns the position at the end of the current round, or of one that begins now. */
export function endOfRound(since: Since | undefined, at: number): Since {
  return { until: since?.lastSent === undefined ? at : since.until };
}

function byTime(first: Omit<MembershipChange, 'left'>, second: Omit<MembershipChange, 'left'>): number {
  if (first.at !== second.at || first.conversationId === second.conversationId) return first.at - second.at;
  return first.conversationId < second.conversationId ? -1 : 1;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
