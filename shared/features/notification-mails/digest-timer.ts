import { userNotificationsUnreadEvent } from '../../contract/events/events.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { isNotificationMail, type Key, userIdOf } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';
import { unreadForMail } from '../notifications/mailed-notifications.ts';
import type { NotificationMailItem } from '../notifications/notification-item.ts';

const hourMs = 60 * 60 * 1000;
/** Notifications that a connected user leaves unread for longer lead to no mail. */
const longestWaitMs = 24 * hourMs;

/** Requests a digest for a user who is offline and has unread notifications, at most once an hour. */
export const digestTimer: TimerSubject = { name: 'digest', matches: isNotificationMail, wake: wakeDigest };

async function wakeDigest(scope: TenantScope, key: Key, at: number): Promise<void> {
  const due = await readDue<NotificationMailItem>(scope, key, at);
  if (due === undefined) return;
  const { wakeAt, since = at, mailedAt = -Infinity } = due;
  const userId = userIdOf(key);
  const [{ mentions, assignments }, connections] = await settleAll([
    unreadForMail(scope, userId, at),
    connectionsOf(scope, [userId]),
  ]);
  const isHere = connections.length > 0;
  const isOver = mentions + assignments === 0 || (isHere && at >= since + longestWaitMs);
  const table = tenantTable(scope);
  if (isOver) {
    await table.update(key, { expression: `REMOVE #${wakeAttribute}, #since` }, hasTimer(wakeAt));
  } else if (isHere || mailedAt + hourMs > at) {
    const later = isHere ? at + hourMs : mailedAt + hourMs;
    await table.update(key, { expression: `SET #${wakeAttribute} = :later`, values: { later } }, hasTimer(wakeAt));
  } else {
    await unitOfWork(scope)
      .update(
        'mail',
        key,
        { expression: `SET #mailedAt = :at REMOVE #${wakeAttribute}, #since`, values: { at } },
        hasTimer(wakeAt),
      )
      .emit(userNotificationsUnreadEvent, { userId })
      .commit();
  }
}
