import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { receiptUpdated } from '../../contract/events/server-events.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { memberOf, participantIdsOf } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { ReadableConversation } from '../log/open-conversation.ts';
import { ownProgressFrom } from '../log/own-progress.ts';
import { readParticipant, readWatermarks } from '../log/participant-store.ts';
import { unreadOf } from '../log/receipt-rules.ts';
import type { CatchUpStep } from './step.ts';

/**
 * How far the participants have come and how much is unread, as one event; nothing while nobody has received or read
 * anything. In large conversations the own numbers only, as live. The unread count tells what the user has marked as
 * unread elsewhere, or marks no longer: the watermarks do not move for that.
 * @param newest - the newest entries of the log, ascending; none of an empty one.
 */
export async function currentReceipts(
  { scope, userId }: Principal,
  conversation: ReadableConversation,
  newest: readonly LogEntry[],
): Promise<readonly CatchUpStep[]> {
  const { id, item, member } = conversation;
  const isLarge = participantIdsOf(item).length > mostPeopleForReceipts;
  const stored = isLarge
    ? [await readParticipant(scope, id, userId)].filter((own) => own !== undefined)
    : await readWatermarks(scope, id, item, { consistent: true });
  const ownItem = stored.find((one) => one.userId === userId);
  const { progress } = await ownProgressFrom(ownItem, scope, conversation, userId, newest);
  const others = stored.filter((one) => one.userId !== userId && memberOf(item, one.userId) !== undefined);
  const receipts = [...others, { userId, ...progress }]
    .filter(({ deliveredSeq, readSeq }) => deliveredSeq > 0 || readSeq > 0)
    .map(({ userId: whose, deliveredSeq, readSeq }) => ({ userId: whose, deliveredSeq, readSeq }));
  const end = newest.at(-1);
  const unreadCount = unreadOf(progress, end?.state.count ?? 0, member.n);
  if (receipts.length === 0 && unreadCount === 0) return [];
  const place = { conversationId: id, at: toTimestamp(now()) };
  return [{ event: passingFrame(receiptUpdated, place, { receipts, unreadCount, lastSeq: end?.seq ?? 0 }) }];
}
