import type { LogEntry } from '../log/log-entry.ts';
import type { LogReader } from '../log/log-reader.ts';

/** Who missed more of a conversation than this gets its newest page instead. */
export const mostMissed = 1000;
/** What a log has after a position. */
export interface FirstMissed {
  /** The first entries, some or, at the end, none. */
  readonly missed: readonly LogEntry[];
  /** Where nothing was missed: the newest entry, if there is one. */
  readonly newest?: LogEntry | undefined;
}

/** Beyond every log, and still a number that a sort key can hold. */
const pastTheEnd = 999_999_999_999;

/**
 * The first entries after a position. Nothing if the log does not lead there from it: the
 * position is beyond the end, or before what is kept, or too far back. Most positions are those of the newest entry, and
 * cost the reading of that one: it proves that nothing is missed.
 */
export async function firstMissed(
  store: Pick<LogReader, 'readForward' | 'readBackward'>,
  position: number,
  limit: number,
): Promise<FirstMissed | undefined> {
  const after = Math.min(position, pastTheEnd - 1);
  const around = await store.readForward(Math.max(0, after - 1), limit + 1);
  const missed = around.filter((entry) => entry.seq > after);
  if (missed.length > 0 && missed.length < limit) return { missed };
  if (missed.length === 0 && around.length > 0) return { missed, newest: around.at(-1) };
  const [newest] = await store.readBackward(pastTheEnd, 1);
  const end = newest?.seq ?? 0;
  if (end < after || end - after > mostMissed) return undefined;
  if (missed.length > 0) return { missed };
  if (end === after) return { missed, newest };
  // The entry of the position is not there. What follows it may be: it came in between, or is the first that is kept.
  const following = await store.readForward(after, limit);
  return following.length > 0 ? { missed: following } : undefined;
}
