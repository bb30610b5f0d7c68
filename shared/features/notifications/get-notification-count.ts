import type { NotificationCount } from '../../contract/schemas/notification.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readCount } from './notification-store.ts';

export function getNotificationCount({ scope, userId }: Principal): Promise<NotificationCount> {
  return readCount(scope, userId, now());
}
