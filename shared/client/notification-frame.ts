import { notificationCreated, notificationRead } from '../contract/events/server-events.ts';
import type { Notification, NotificationCount } from '../contract/schemas/notification.ts';
import { isRecord } from './server-event.ts';

export type NotificationFrame = { readonly count: NotificationCount } & (
  | { readonly notification: Notification }
  | { readonly read: { readonly notificationIds: readonly string[]; readonly readAt: string } }
);

/** Undefined for other frames. */
export function notificationFrameOf(frame: Readonly<Record<string, unknown>>): NotificationFrame | undefined {
  const { type, data } = frame;
  if ((type !== notificationCreated.type && type !== notificationRead.type) || !isRecord(data)) return undefined;
  const { unreadCount, revision, notification, notificationIds, readAt } = data;
  if (!Number.isSafeInteger(unreadCount) || !Number.isSafeInteger(revision)) return undefined;
  const count = { unreadCount, revision } as NotificationCount;
  if (type === notificationCreated.type) return isNotification(notification) ? { count, notification } : undefined;
  if (!Array.isArray(notificationIds) || typeof readAt !== 'string') return undefined;
  return { count, read: { notificationIds: notificationIds.map(String), readAt } };
}

function isNotification(value: unknown): value is Notification {
  return (
    isRecord(value) && [value['id'], value['kind'], value['createdAt']].every((member) => typeof member === 'string')
  );
}
