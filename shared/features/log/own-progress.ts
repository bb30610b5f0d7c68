import { readSummaries } from './conversation-parts.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogAddress, readBackward } from './log-store.ts';
import { progressOf, type ReadingProgress, readProgress } from './progress-store.ts';
import { type CountedPosition, wrote, type Progress } from './receipt-rules.ts';

export interface OwnProgress {
  readonly item: ReadingProgress | undefined;
  /** Includes own messages that the projector has not processed. */
  readonly progress: Progress;
  readonly own: CountedPosition | undefined;
}

const furtherPage = 100;

/**
 * A user who writes has read everything before, but the projector moves the watermark later. It moves watermarks before
 * the summary, so only entries after the summary need a search for own messages.
 * @param entries - the newest entries, ascending and without gaps.
 */
export async function ownProgress(log: LogAddress, userId: string, entries: readonly LogEntry[]): Promise<OwnProgress> {
  return ownProgressFrom(await readProgress(log.scope, log.conversationId, userId), log, userId, entries);
}

/**
 * Like {@link ownProgress}.
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

/** Reads the summary before the watermarks, because a summary is never ahead of them. */
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
