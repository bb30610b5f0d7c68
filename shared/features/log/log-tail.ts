import type { LogEntry } from './log-entry.ts';

/**
 * The newest part of a log, without gaps. A stale tail is harmless: the writer finds its slot taken and reads the newer
 * entries.
 */
export interface LogTail {
  /** Ascending by `seq`, contiguous. */
  readonly entries: readonly LogEntry[];
  /** True when the first entry of the log is in the tail, or the log is empty. */
  readonly fromStart: boolean;
  /** The result of a search further back for one original, through all entries since `since`. */
  readonly searched?: { readonly since: number; readonly original: LogEntry | undefined };
}

/**
 * A tail keeps the entries of this time span, and one older entry, which proves that none is missing. The original of a
 * new id can be two minutes old at most. The third minute is for delayed messages.
 */
export const windowMs = 3 * 60 * 1000;
/** The minimum number of entries in a tail. Together with the conversation's item they take about two read units. */
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

/** Adds the entries that follow a tail. Leaves out those that it has, and those after a gap. */
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

/** Removes the entries that a tail need not keep. */
export function trim(tail: LogTail, now: number): LogTail {
  const { entries } = tail;
  const recent = entries.findIndex((entry) => entry.createdAt >= now - windowMs);
  const surplus = Math.min(recent === -1 ? Infinity : recent - 1, entries.length - tailEntries);
  if (surplus <= 0) return { entries, fromStart: tail.fromStart };
  return { entries: entries.slice(surplus), fromStart: false };
}
