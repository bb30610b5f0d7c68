import { isReachable, type Placement, type Reader } from '../log/access.ts';
import { type MembershipChange, overlapMs, type Since } from './since-rules.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Items of changes live for three days. A margin covers the clocks of their writers. */
const knownMs = 3 * dayMs - 60 * 60 * 1000;

/** Milliseconds since the epoch from which changes are read; undefined if some of them may have expired. */
export function startOfDeskChanges({ until, lastSent }: Since, now: number): number | undefined {
  const from = lastSent?.at ?? until - overlapMs;
  return from < now - knownMs ? undefined : from;
}

/** Dates in UTC, ascending. A writer's clock may be ahead of the reader's. */
export function daysSince(from: number, now: number): readonly string[] {
  const days: string[] = [];
  for (let at = from - (from % dayMs); at <= now + overlapMs; at += dayMs) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

export interface DatedDeskChange extends Pick<MembershipChange, 'conversationId' | 'at'> {
  /** Where the conversation was before a change that can end the access of agents. */
  readonly from?: Placement;
}

/** The newest change of each conversation, and the changes that may have ended the reader's access. */
export function newestChanges(changes: readonly DatedDeskChange[], reader: Reader): readonly MembershipChange[] {
  const newest = new Map<string, number>();
  for (const { conversationId, at } of changes) {
    newest.set(conversationId, Math.max(at, newest.get(conversationId) ?? 0));
  }
  // Admins lose no access.
  const ends = changes.filter(({ from }) => from !== undefined && reader.role === 'agent' && isReachable(from, reader));
  const others = [...newest].filter(([id, at]) => !ends.some((end) => end.conversationId === id && end.at === at));
  return [
    ...ends.map(({ conversationId, at }) => lost(conversationId, at)),
    ...others.map(([conversationId, at]) => ({ conversationId, at, left: false })),
  ];
}

/** A change that ended the access of an agent, unless the agent has it again. */
export function lost(conversationId: string, at: number): MembershipChange {
  return { conversationId, at, left: false, mayHaveLeft: true };
}
