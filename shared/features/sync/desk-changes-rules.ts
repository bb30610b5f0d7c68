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

/** One change for each conversation. */
export function newestChanges(changes: readonly Omit<MembershipChange, 'left'>[]): readonly MembershipChange[] {
  const newest = new Map<string, number>();
  for (const { conversationId, at } of changes) {
    newest.set(conversationId, Math.max(at, newest.get(conversationId) ?? 0));
  }
  return [...newest].map(([conversationId, at]) => ({ conversationId, at, left: false }));
}
