import type { NewNotificationPreferences, NotificationPreferences } from '../../contract/schemas/notification.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readPreferences, writePreferences } from './notification-store.ts';
import { completePreferences } from './preference-rules.ts';

export async function getNotificationPreferences({ scope, userId }: Principal): Promise<NotificationPreferences> {
  return completePreferences(await readPreferences(scope, userId));
}

export async function updateNotificationPreferences(
  { scope, userId }: Principal,
  { kinds, push, quietHours, mail }: NewNotificationPreferences,
): Promise<NotificationPreferences> {
  const preferences = {
    kinds,
    ...(push === undefined ? {} : { push }),
    ...(quietHours === undefined ? {} : { quietHours }),
  };
  return completePreferences(await writePreferences(scope, userId, preferences, mail));
}
