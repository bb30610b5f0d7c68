import type { LogEntry } from './log-entry.ts';

/** A stale tail is harmless: the writer finds its slot taken and reads the newer entries. */
export interface LogTail {
  /** Ascending by `seq`, contiguous. */
  readonly entries: readonly LogEntry[];
  /** Whether the tail has the log's first entry. True for an empty log. */
  readonly fromStart: boolean;
  readonly searched?: { readonly since: number; readonly original: LogEntry | undefined };
}

/**
 * A tail also keeps one older entry, which proves that none is missing. The original of a new id is at most two minutes
 * old. The third minute is for delayed messages.
 */
export const windowMs = 3 * 60 * 1000;
/** With the conversation's item about two read units. */
export const tailEntries = 14;

export function newest(tail: LogTail): LogEntry | undefined {
  return tail.entries.at(-1);
}

export function reachesBack(tail: LogTail, since: number): boolean {
  if (tail.fromStart) return true;
  const oldest = tail.entries[0];
  // Equal times may continue beyond the oldest entry.
  return oldest !== undefined && oldest.createdAt < since;
}

/** Omits entries that the tail has, and entries after a gap. */
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

export function trim(tail: LogTail, now: number): LogTail {
  const { entries } = tail;
  const recent = entries.findIndex((entry) => entry.createdAt >= now - windowMs);
  const surplus = Math.min(recent === -1 ? Infinity : recent - 1, entries.length - tailEntries);
  if (surplus <= 0) return { entries, fromStart: tail.fromStart };
  return { entries: entries.slice(surplus), fromStart: false };
}
