import { isTicket, ticketConversationOf } from '../../core/table/integration-keys.ts';
import { type Key } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';
import { watchdogMs } from './link-rules.ts';
import { addDue } from './link-store.ts';

/**
 * Only announces that the ticket is due: calls to a slow system must not delay escalations, which the same function
 * runs. The timer returns in case no consumer handles the announcement.
 */
export const ticketTimer: TimerSubject = { name: 'ticket', matches: isTicket, wake };

async function wake(scope: TenantScope, key: Key, at: number): Promise<void> {
  const link = await readDue<object>(scope, key, at);
  if (link === undefined) return;
  const work = unitOfWork(scope).update(
    'link',
    key,
    {
      expression: `SET #${wakeAttribute} = :next, #revision = #revision + :one`,
      values: { next: at + watchdogMs, one: 1 },
    },
    hasTimer(link.wakeAt),
  );
  await addDue(work, { conversationId: ticketConversationOf(key) }).commit();
}
