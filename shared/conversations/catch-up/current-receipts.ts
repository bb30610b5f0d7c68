import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { receiptUpdated } from '../../contract/socket/pushes.ts';
import { passingFrame } from '../../realtime/frames.ts';
import { now, toTimestamp } from '../../runtime/clock.ts';
import { keys } from '../../table/keys.ts';
import { tenantTable } from '../../table/realm-table.ts';
import type { Principal } from '../../tenancy/principal.ts';
import { type ParticipantItem, participantIdsOf } from '../conversation-item.ts';
import type { ReadableConversation } from '../open-conversation.ts';
import type { CatchUpStep } from './step.ts';

/**
 * How far the participants have come, as one event; nothing while nobody has received or read anything. In large
 * conversations the own numbers only, as live.
 */
export async function currentReceipts(
  { scope, userId }: Principal,
  { id, item }: ReadableConversation,
): Promise<readonly CatchUpStep[]> {
  const everybody = participantIdsOf(item);
  const told = everybody.length > mostPeopleForReceipts ? [userId] : everybody;
  const participants = await tenantTable(scope).batchGet<ParticipantItem>(told.map((one) => keys.participant(id, one)));
  const receipts = participants
    .filter(({ deliveredSeq, readSeq }) => deliveredSeq > 0 || readSeq > 0)
    .map(({ userId: whose, deliveredSeq, readSeq }) => ({ userId: whose, deliveredSeq, readSeq }));
  if (receipts.length === 0) return [];
  const place = { conversationId: id, at: toTimestamp(now()) };
  return [{ event: passingFrame(receiptUpdated, place, { receipts }) }];
}
