import type { LogEntry } from './log-entry.ts';

/**
 * The newest part of a log, without holes. A stale tail is harmless: it leads to a slot that is taken, and its holder
 * reads on.
 */
export interface LogTail {
  /** Ascending by `seq`, contiguous. */
  readonly entries: readonly LogEntry[];
  /** True when the first entry of the log is in the tail, or the log is empty. */
  readonly fromStart: boolean;
  /** The result of a search further back, for one message: everything since `since` was looked at. */
  readonly searched?: { readonly since: number; readonly original: LogEntry | undefined };
}

/**
 * A tail keeps entries this far back, and one that is older, to know that it does: the two minutes in which a fresh
 * id's first send can lie, and a minute for messages that were on their way for a while.
 */
export const windowMs = 3 * 60 * 1000;
/** And at least this many, which with the conversation's own item fit two read units. */
export const tailEntries = 14;

export function newest(tail: LogTail): LogEntry | undefined {
  return tail.entries.at(-1);
}

/** Whether every entry that was made at or after a time is in the tail. */
export function reachesBack(tail: LogTail, since: number): boolean {
  if (tail.fromStart) return true;
  const oldest = tail.entries[0];
  // Times never decrease along a log, and equal times may continue beyond the oldest entry.
  return oldest !== undefined && oldest.createdAt < since;
}

/** The tail with entries that follow it. Entries it has already are skipped; what comes after a hole is left out. */
export function extend(tail: LogTail, following: readonly LogEntry[]): LogTail {
  let next = (newest(tail)?.seq ?? 0) + 1;
  const added: LogEntry[] = [];
  for (const entry of following) {
    if (entry.seq === next) {
      added.push(entry);
      next += 1;
    }
  }
  return added.length === 0 ? tail : { ...tail, entries: [...tail.entries, ...added] };
}

/** The tail without what is older than it has to remember. */
export function trim(tail: LogTail, now: number): LogTail {
  const { entries } = tail;
  const recent = entries.findIndex((entry) => entry.createdAt >= now - windowMs);
  const surplus = Math.min(recent === -1 ? Infinity : recent - 1, entries.length - tailEntries);
  if (surplus <= 0) return { entries, fromStart: tail.fromStart };
  return { entries: entries.slice(surplus), fromStart: false };
}
