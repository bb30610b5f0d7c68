import { readSummaries } from './conversation-parts.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogAddress, readBackward } from './log-store.ts';
import { progressOf, type ReadingProgress, readProgress } from './progress-store.ts';
import { type CountedPosition, wrote, type Progress } from './receipt-rules.ts';

export interface OwnProgress {
  /** As it is stored. */
  readonly item: ReadingProgress | undefined;
  /** Including the user's own messages that the projector has not processed yet. */
  readonly progress: Progress;
  /** The newest own message, if the projector has not processed it yet. */
  readonly own: CountedPosition | undefined;
}

const furtherPage = 100;

/**
 * Reads the current progress of a participant. A user who writes has read everything before. The stream projector moves
 * the watermark later, so this function searches the newest entries for own messages beyond it. The projector moves
 * senders' watermarks before the summary, so entries up to the summary need no search.
 * @param entries - the newest entries of the log, ascending and without gaps.
 */
export async function ownProgress(log: LogAddress, userId: string, entries: readonly LogEntry[]): Promise<OwnProgress> {
  return ownProgressFrom(await readProgress(log.scope, log.conversationId, userId), log, userId, entries);
}

/**
 * Like {@link ownProgress}, from an item that was already read.
 * @param item - read consistently after the entries.
 */
export async function ownProgressFrom(
  item: ReadingProgress | undefined,
  log: LogAddress,
  userId: string,
  entries: readonly LogEntry[],
): Promise<OwnProgress> {
  const own = newestOwn(entries, userId);
  const before = (entries[0]?.seq ?? 1) - 1;
  if (own !== undefined || before <= (item?.readSeq ?? 0)) return withOwn(item, own);
  return furtherBack(log, userId, before);
}

/**
 * Searches entries before the given ones. Reads the summary before the watermarks, because a summary is never ahead of
 * them.
 */
async function furtherBack(log: LogAddress, userId: string, from: number): Promise<OwnProgress> {
  const { scope, conversationId } = log;
  const [summary] = await readSummaries(scope, [conversationId]);
  const item = await readProgress(scope, conversationId, userId);
  const settled = Math.max(summary?.lastSeq ?? 0, item?.readSeq ?? 0);
  for (let before = from + 1; before > settled + 1;) {
    const page = await readBackward(log, before, furtherPage);
    const own = newestOwn(page, userId);
    if (own !== undefined) return withOwn(item, own);
    before = page[0]?.seq ?? 0;
  }
  return withOwn(item, undefined);
}

function withOwn(item: ReadingProgress | undefined, own: CountedPosition | undefined): OwnProgress {
  const stored = progressOf(item);
  return { item, progress: own === undefined ? stored : wrote(stored, own), own };
}

function newestOwn(entries: readonly LogEntry[], userId: string): CountedPosition | undefined {
  const own = entries.findLast((entry) => entry.kind.countsAsUnread && entry.senderId === userId);
  return own && { seq: own.seq, count: own.state.count };
}
