import { settleAll } from '../../core/runtime/settle-all.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogAddress, readBackward, readForward } from './log-store.ts';

export interface LogRange {
  /** Ascending. */
  readonly entries: readonly LogEntry[];
  /** `entries` is complete after `after`, up to and including `through`. */
  readonly covers: { readonly after: number; readonly through: number };
  /** Undefined at the end. */
  readonly next: number | undefined;
}

/** There may be edits and reactions between the messages. */
const surplus = 10;
const furtherPage = 200;
/** At this limit, a page may have fewer shown entries than requested. */
const callsPerPage = 10;

export async function rangeAfter(log: LogAddress, after: number, limit: number): Promise<LogRange> {
  const entries: LogEntry[] = [];
  let shown = 0;
  let through = after;
  for (let call = 0; call < callsPerPage; call += 1) {
    const wanted = call === 0 ? limit + surplus : furtherPage;
    const page = await readForward(log, through, wanted);
    for (const entry of page) {
      if (shown === limit) return { entries, covers: { after, through }, next: through };
      entries.push(entry);
      through = entry.seq;
      if (entry.kind.isShown) shown += 1;
    }
    if (page.length < wanted) return { entries, covers: { after, through }, next: undefined };
  }
  return { entries, covers: { after, through }, next: through };
}

/** Returns the last `limit` shown entries before `before`, but none before `from`. */
export async function rangeBefore(log: LogAddress, before: number, limit: number, from: number): Promise<LogRange> {
  const descending: LogEntry[] = [];
  let shown = 0;
  let oldest = before;
  const result = (isEnd: boolean): LogRange => {
    const entries = descending.toReversed();
    const through = descending[0]?.seq ?? Math.max(0, Math.min(before, from) - 1);
    return {
      entries,
      covers: { after: Math.min(oldest - 1, through), through },
      next: isEnd || oldest <= from ? undefined : oldest,
    };
  };
  for (let call = 0; call < callsPerPage; call += 1) {
    const wanted = call === 0 ? limit + surplus : furtherPage;
    const page = await readBackward(log, oldest, wanted);
    for (const entry of page.toReversed()) {
      if (entry.seq < from) return result(true);
      if (shown === limit) return result(false);
      descending.push(entry);
      oldest = entry.seq;
      if (entry.kind.isShown) shown += 1;
    }
    if (page.length < wanted) return result(true);
  }
  return result(false);
}

export async function rangeAround(log: LogAddress, around: number, limit: number, from: number): Promise<LogRange> {
  const half = Math.floor(limit / 2);
  const middle = Math.max(around, from);
  const [older, newer] = await settleAll([
    half === 0 ? undefined : rangeBefore(log, middle, half, from),
    rangeAfter(log, middle - 1, limit - half),
  ]);
  if (newer.entries.length === 0 && older !== undefined) return { ...older, next: undefined };
  return {
    entries: [...(older?.entries ?? []), ...newer.entries],
    covers: {
      after: older?.entries[0] === undefined ? newer.covers.after : older.covers.after,
      through: newer.covers.through,
    },
    next: newer.next,
  };
}
