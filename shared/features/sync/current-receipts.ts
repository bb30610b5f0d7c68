import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { receiptUpdated } from '../../contract/events/server-events.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { isParticipant, participantIdsOf } from '../log/conversation-item.ts';
import type { ReadableConversation } from '../log/load-conversation.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { ownProgressFrom } from '../log/own-progress.ts';
import { readProgress, readWatermarks } from '../log/progress-store.ts';
import { unreadOf } from '../log/receipt-rules.ts';
import type { CatchUpStep } from './step.ts';

/**
 * Returns the progress and the unread count as one event, or no event if there is neither. In large conversations, only
 * the user's own progress.
 * @param newest - ascending.
 */
export async function currentReceipts(
  { scope, userId }: Principal,
  conversation: ReadableConversation,
  newest: readonly LogEntry[],
): Promise<readonly CatchUpStep[]> {
  const { conversationId, item, access } = conversation;
  const isLarge = participantIdsOf(item).length > mostPeopleForReceipts;
  const stored = isLarge
    ? [await readProgress(scope, conversationId, userId)].filter((own) => own !== undefined)
    : await readWatermarks(scope, conversationId, item, { consistent: true });
  const ownItem = stored.find((own) => own.userId === userId);
  const { progress } = await ownProgressFrom(ownItem, conversation, userId, newest);
  const others = stored.filter(
    (other) => other.userId !== userId && (item.kind === 'support' || isParticipant(item, other.userId)),
  );
  const receipts = [...others, { userId, ...progress }]
    .filter(({ deliveredSeq, readSeq }) => deliveredSeq > 0 || readSeq > 0)
    .map(({ userId: readerId, deliveredSeq, readSeq }) => ({ userId: readerId, deliveredSeq, readSeq }));
  const end = newest.at(-1);
  const unreadCount = unreadOf(progress, end?.state.count ?? 0, access.joined.count);
  if (receipts.length === 0 && unreadCount === 0) return [];
  const position = { conversationId, at: toTimestamp(now()) };
  return [{ event: passingFrame(receiptUpdated, position, { receipts, unreadCount, lastSeq: end?.seq ?? 0 }) }];
}
