import type { messageCreatedEvent } from '../../contract/events/events.ts';
import { systemUserId } from '../../contract/schemas/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { answerMailKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { readConversation } from '../log/conversation-store.ts';
import { readProgress } from '../log/progress-store.ts';
import { mailSettings } from '../tenants/mail-settings.ts';
import { readAnswerItem, unreadMs } from './answer-item.ts';

/**
 * Sets the timer of a mail about an answer. After a mail, there is no other one until the customer has read the
 * conversation.
 */
export async function noteAnswer({ scope, at, data }: ConsumedEvent<typeof messageCreatedEvent>): Promise<void> {
  const { conversationId, seq, senderId } = data;
  if (senderId === systemUserId || (await mailSettings(scope)).notificationMails === 'off') return;
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || item.support.wipedAt !== undefined) return;
  const { customerId } = item.support;
  if (senderId === customerId) return;
  const [stored, progress] = await settleAll([
    readAnswerItem(scope, conversationId),
    readProgress(scope, conversationId, customerId),
  ]);
  const readSeq = progress?.readSeq ?? 0;
  if (readSeq >= seq || (stored !== undefined && stored.seq >= seq)) return;
  if (stored?.mailedSeq !== undefined && readSeq < stored.mailedSeq) return;
  const since = Date.parse(at);
  const isFirst = stored === undefined || stored.wakeAt === undefined || readSeq >= stored.seq;
  await tenantTable(scope).update(
    answerMailKey(conversationId),
    isFirst
      ? {
          expression: 'SET #seq = :seq, #since = :since, #wakeAt = :wakeAt',
          values: { seq, since, wakeAt: since + unreadMs },
        }
      : { expression: 'SET #seq = :seq', values: { seq } },
    // Events arrive in any order. Of concurrent ones, the latest answer stays.
    { expression: 'attribute_not_exists(#seq) OR #seq < :seq', values: { seq } },
  );
}
