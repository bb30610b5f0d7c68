import { answerUnreadEvent } from '../../contract/events/events.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf, isAnswerMail, type Key } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';
import { readConversation } from '../log/conversation-store.ts';
import { readProgress } from '../log/progress-store.ts';
import { type AnswerMailItem, longestWaitMs, lookAgainMs } from './answer-item.ts';

/** Requests a mail about an answer that a customer who is gone has not read. */
export const answerTimer: TimerSubject = { name: 'answer-mail', matches: isAnswerMail, wake: wakeAnswer };

async function wakeAnswer(scope: TenantScope, key: Key, at: number): Promise<void> {
  const due = await readDue<AnswerMailItem>(scope, key, at);
  if (due === undefined) return;
  const { seq, since, wakeAt } = due;
  const conversationId = conversationIdOf(key);
  const table = tenantTable(scope);
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || item.support.wipedAt !== undefined) {
    await table.delete(key);
    return;
  }
  const { customerId } = item.support;
  const [progress, connections] = await settleAll([
    readProgress(scope, conversationId, customerId),
    connectionsOf(scope, [customerId]),
  ]);
  const isRead = (progress?.readSeq ?? 0) >= seq;
  const isHere = connections.length > 0;
  if (!isRead && isHere && at < since + longestWaitMs) {
    const later = { expression: `SET #${wakeAttribute} = :later`, values: { later: at + lookAgainMs } };
    await table.update(key, later, hasTimer(wakeAt));
  } else if (isRead || isHere) {
    await table.update(key, { expression: `REMOVE #${wakeAttribute}` }, hasTimer(wakeAt));
  } else {
    const isSame = hasTimer(wakeAt);
    const outcome = await unitOfWork(scope)
      .update(
        'mail',
        key,
        { expression: `SET #mailedSeq = :seq REMOVE #${wakeAttribute}`, values: { seq } },
        { expression: `${isSame.expression} AND #seq = :seq`, values: isSame.values ?? {} },
      )
      .emit(answerUnreadEvent, { conversationId, seq })
      .commit();
    // Another answer arrived meanwhile, or another wake-up acted. The next attempt reads the item again.
    if (!outcome.committed) throw new Error('The answers changed while their mail was requested');
  }
}
