import type { LogEntry } from './log-entry.ts';

/** The newest part of a log, without holes. A stale tail is harmless: the writer finds its slot taken and reads on. */
export interface LogTail {
  /** Ascending by `seq`, contiguous. */
  readonly entries: readonly LogEntry[];
  /** True when the first entry of the log is in the tail, or the log is empty. */
  readonly fromStart: boolean;
  /** The result of a search further back for one original, through all entries since `since`. */
  readonly searched?: { readonly since: number; readonly original: LogEntry | undefined };
}

/**
 * A tail keeps the entries of this time, and one older entry that proves it. The first send with a fresh id is at most two
 * minutes back; the third minute is for messages that were delayed.
 */
export const windowMs = 3 * 60 * 1000;
/** The least number of entries in a tail. With the conversation's item they fit two read units. */
export const tailEntries = 14;

export function newest(tail: LogTail): LogEntry | undefined {
  return tail.entries.at(-1);
}

/** Whether the tail has every entry whose time is `since` or later. */
export function reachesBack(tail: LogTail, since: number): boolean {
  if (tail.fromStart) return true;
  const oldest = tail.entries[0];
  // Times never decrease along a log, and equal times may continue beyond the oldest entry.
  return oldest !== undefined && oldest.createdAt < since;
}

/** The tail with the entries that follow it. Entries that it has, and entries after a hole, are left out. */
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

/** The tail without entries that are older than it has to keep. */
export function trim(tail: LogTail, now: number): LogTail {
  const { entries } = tail;
  const recent = entries.findIndex((entry) => entry.createdAt >= now - windowMs);
  const surplus = Math.min(recent === -1 ? Infinity : recent - 1, entries.length - tailEntries);
  if (surplus <= 0) return { entries, fromStart: tail.fromStart };
  return { entries: entries.slice(surplus), fromStart: false };
}
