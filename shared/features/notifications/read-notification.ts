import { notificationNotFound } from '../../contract/notifications/problems.ts';
import type { NotificationCount } from '../../contract/schemas/notification.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { announceRead } from './announce-notifications.ts';
import { markAsRead, readCount } from './notification-store.ts';

export async function readNotification(
  { scope, userId }: Principal,
  { notificationId }: { readonly notificationId: string },
): Promise<NotificationCount | Refusal<typeof notificationNotFound>> {
  const at = now();
  const outcome = await markAsRead(scope, userId, notificationId, at);
  if (outcome === 'absent') return refuse(notificationNotFound);
  const count = await readCount(scope, userId, at);
  if (outcome === 'read') await announceRead(scope, userId, { ids: [notificationId], at, count });
  return count;
}
