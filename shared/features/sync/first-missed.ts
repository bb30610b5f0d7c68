import type { LogEntry } from '../log/log-entry.ts';
import { lastLogSeq } from '../../core/table/keys.ts';

/** A client that missed more entries of a conversation than this receives its newest page instead. */
export const mostMissed = 1000;

/** The entries of a log after a position. */
export interface FirstMissed {
  /** Empty at the end of the log. */
  readonly missed: readonly LogEntry[];
  /** If nothing was missed: the newest entry, if there is one. */
  readonly newest?: LogEntry | undefined;
}

/** The reads of one log. */
export interface LogReads {
  readonly readForward: (after: number, limit: number) => Promise<readonly LogEntry[]>;
  readonly readNewest: (limit: number) => Promise<readonly LogEntry[]>;
}

/**
 * Returns the first entries after a position; undefined if the client cannot continue from it, because it is beyond the
 * end, before the first kept entry, or too far back. Most positions are that of the newest entry. Reading that entry
 * proves that nothing is missed.
 */
export async function firstMissed(
  { readForward, readNewest }: LogReads,
  position: number,
  limit: number,
): Promise<FirstMissed | undefined> {
  const after = Math.min(position, lastLogSeq - 1);
  const page = await readForward(Math.max(0, after - 1), limit + 1);
  const missed = page.filter((entry) => entry.seq > after);
  if (missed.length > 0 && missed.length < limit) return { missed };
  if (missed.length === 0 && page.length > 0) return { missed, newest: page.at(-1) };
  const [newest] = await readNewest(1);
  const end = newest?.seq ?? 0;
  if (end < after || end - after > mostMissed) return undefined;
  if (missed.length > 0) return { missed };
  if (end === after) return { missed, newest };
  // The entry of the position is missing, but an entry after it can exist: a new one, or the first kept one.
  const following = await readForward(after, limit);
  return following.length > 0 ? { missed: following } : undefined;
}
