import type { LogEntry } from '../log/log-entry.ts';
import { lastLogSeq } from '../../core/table/keys.ts';

/** A client that missed more entries of a conversation receives its newest page instead. */
export const mostMissed = 1000;

export interface FirstMissed {
  /** Empty at the end of the log. */
  readonly missed: readonly LogEntry[];
  /** Set if nothing was missed. */
  readonly newest?: LogEntry | undefined;
}

export interface LogReads {
  readonly readForward: (after: number, limit: number) => Promise<readonly LogEntry[]>;
  readonly readNewest: (limit: number) => Promise<readonly LogEntry[]>;
}

/**
 * Returns the first entries after a position. Undefined if the position is beyond the end, before the first kept entry,
 * or too far back.
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
  // The entry of the position is missing, but a later one can exist.
  const following = await readForward(after, limit);
  return following.length > 0 ? { missed: following } : undefined;
}
