import type { LogEntry } from './log-entry.ts';

/**
 * The newest part of a log, without holes. A stale window is harmless: it leads to a slot that is taken, and its holder
 * reads on.
 */
export interface LogWindow {
  /** Ascending by `seq`, contiguous. */
  readonly entries: readonly LogEntry[];
  /** True when the first entry of the log is in the window, or the log is empty. */
  readonly fromStart: boolean;
  /** The result of a search further back, for one message: everything since `since` was looked at. */
  readonly searched?: { readonly since: number; readonly original: LogEntry | undefined };
}

/**
 * A window keeps entries this far back, and one that is older, to know that it does: the two minutes in which a fresh
 * id's first send can lie, and a minute for messages that were on their way for a while.
 */
export const windowMs = 3 * 60 * 1000;
/** And at least this many, which with the conversation's own item fit two read units. */
export const windowEntries = 14;

export function newest(window: LogWindow): LogEntry | undefined {
  return window.entries.at(-1);
}

/** Whether every entry that was made at or after a time is in the window. */
export function reachesBack(window: LogWindow, since: number): boolean {
  if (window.fromStart) return true;
  const oldest = window.entries[0];
  // Times never decrease along a log, and equal times may continue beyond the oldest entry.
  return oldest !== undefined && oldest.createdAt < since;
}

/** The window with entries that follow it. Entries it has already are skipped; what comes after a hole is left out. */
export function extend(window: LogWindow, following: readonly LogEntry[]): LogWindow {
  let next = (newest(window)?.seq ?? 0) + 1;
  const added: LogEntry[] = [];
  for (const entry of following) {
    if (entry.seq === next) {
      added.push(entry);
      next += 1;
    }
  }
  return added.length === 0 ? window : { ...window, entries: [...window.entries, ...added] };
}

/** The window without what is older than it has to remember. */
export function trim(window: LogWindow, now: number): LogWindow {
  const { entries } = window;
  const recent = entries.findIndex((entry) => entry.createdAt >= now - windowMs);
  const surplus = Math.min(recent === -1 ? Infinity : recent - 1, entries.length - windowEntries);
  if (surplus <= 0) return { entries, fromStart: window.fromStart };
  return { entries: entries.slice(surplus), fromStart: false };
}
