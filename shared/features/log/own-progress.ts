import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readSummaries } from './conversation-parts.ts';
import type { ParticipantItem } from './conversation-item.ts';
import type { LogEntry } from './log-entry.ts';
import type { ReadableConversation } from './open-conversation.ts';
import { progressOfItem, readParticipant } from './participant-store.ts';
import { type CountedPosition, wrote, type Progress } from './receipt-rules.ts';

export interface OwnProgress {
  /** As it is stored. */
  readonly item: ParticipantItem | undefined;
  /** With the own messages that the projector has not come to yet. */
  readonly progress: Progress;
  /** The newest own message, where it is not projected yet. */
  readonly own: CountedPosition | undefined;
}

const furtherPage = 100;

/**
 * How far a participant has come at this moment. Who writes has read: the stream projector moves the watermark, so the
 * newest entries are looked at for own messages beyond it. The projector moves senders' watermarks before the summary, so
 * that nothing up to the summary has to be looked at.
 * @param entries - the newest entries of the log, without holes, ascending.
 */
export async function ownProgress(
  scope: TenantScope,
  conversation: Pick<ReadableConversation, 'id' | 'store'>,
  userId: string,
  entries: readonly LogEntry[],
): Promise<OwnProgress> {
  return ownProgressFrom(await readParticipant(scope, conversation.id, userId), scope, conversation, userId, entries);
}

/** The same from the participant's item, which was read consistently after the entries. */
export async function ownProgressFrom(
  item: ParticipantItem | undefined,
  scope: TenantScope,
  conversation: Pick<ReadableConversation, 'id' | 'store'>,
  userId: string,
  entries: readonly LogEntry[],
): Promise<OwnProgress> {
  const own = newestOwn(entries, userId);
  const before = (entries[0]?.seq ?? 1) - 1;
  if (own !== undefined || before <= (item?.readSeq ?? 0)) return withOwn(item, own);
  return furtherBack(scope, conversation, userId, before);
}

/** The summary is read before the watermarks: a summary never leads them. */
async function furtherBack(
  scope: TenantScope,
  { id, store }: Pick<ReadableConversation, 'id' | 'store'>,
  userId: string,
  from: number,
): Promise<OwnProgress> {
  const [summary] = await readSummaries(scope, [id]);
  const item = await readParticipant(scope, id, userId);
  const settled = Math.max(summary?.lastSeq ?? 0, item?.readSeq ?? 0);
  for (let before = from + 1; before > settled + 1;) {
    const page = await store.readBackward(before, furtherPage);
    const own = newestOwn(page, userId);
    if (own !== undefined) return withOwn(item, own);
    before = page[0]?.seq ?? 0;
  }
  return withOwn(item, undefined);
}

function withOwn(item: ParticipantItem | undefined, own: CountedPosition | undefined): OwnProgress {
  const stored = progressOfItem(item);
  return { item, progress: own === undefined ? stored : wrote(stored, own), own };
}

function newestOwn(entries: readonly LogEntry[], userId: string): CountedPosition | undefined {
  const own = entries.findLast((entry) => entry.kind.countsAsUnread && entry.senderId === userId);
  return own && { seq: own.seq, count: own.state.count };
}
