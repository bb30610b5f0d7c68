import { ticketChangeReceivedEvent } from '../../contract/events/events.ts';
import { isReceivedChange, receivedChangeOf } from '../../core/table/integration-keys.ts';
import { type Key } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';

/** Announces a delivery again that was held until its ticket is linked. */
export const receivedChangeTimer: TimerSubject = { name: 'received-change', matches: isReceivedChange, wake };

async function wake(scope: TenantScope, key: Key, at: number): Promise<void> {
  const item = await readDue<object>(scope, key, at);
  if (item === undefined) return;
  await unitOfWork(scope)
    .update('received', key, { expression: `REMOVE #${wakeAttribute}` }, hasTimer(item.wakeAt))
    .emit(ticketChangeReceivedEvent, receivedChangeOf(key))
    .commit();
}
