import { notificationCreated, notificationRead } from '../../contract/events/server-events.ts';
import type { Notification, NotificationCount } from '../../contract/schemas/notification.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { controlFrame } from '../../core/delivery/frames.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

export interface Announcement {
  readonly userId: string;
  readonly notification: Notification;
  readonly count: NotificationCount;
}

/** @throws if the connections cannot be read. A lost frame is not repeated: clients compare revisions. */
export async function announceNotifications(scope: TenantScope, announcements: readonly Announcement[]): Promise<void> {
  const byUser = Map.groupBy(announcements, ({ userId }) => userId);
  const connections = await connectionsOf(scope, [...byUser.keys()]);
  await deliver(
    scope,
    connections.flatMap(({ userId, connectionId }) =>
      (byUser.get(userId) ?? []).map(({ notification, count: counted }) => ({
        userId,
        connectionId,
        frame: controlFrame(notificationCreated, { ...counted, notification }),
      })),
    ),
  );
}

/** Never fails: clients that miss the event find the state in their next list. */
export async function announceRead(
  scope: TenantScope,
  userId: string,
  read: { readonly ids: readonly string[]; readonly at: number; readonly count: NotificationCount },
): Promise<void> {
  try {
    const data = { ...read.count, notificationIds: [...read.ids], readAt: toTimestamp(read.at) };
    const frame = controlFrame(notificationRead, data);
    const connections = await connectionsOf(scope, [userId]);
    await deliver(
      scope,
      connections.map(({ connectionId }) => ({ userId, connectionId, frame })),
    );
  } catch (error) {
    log('warn', 'notifications.not-announced', { tenantId: scope.tenantId }, error);
    count('DeliveryFailed');
  }
}
