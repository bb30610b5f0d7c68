import { draftRoutes } from '../drafts/routes.ts';
import { getNotificationCount } from './get-notification-count.ts';
import { listNotifications } from './list-notifications.ts';
import { listMutes, muteConversation, unmuteConversation } from './mutes.ts';
import { getNotificationPreferences, updateNotificationPreferences } from './notification-preferences.ts';
import { readAllNotifications } from './read-all-notifications.ts';
import { readNotification } from './read-notification.ts';

export const notificationRoutes = [
  listNotifications,
  getNotificationCount,
  readNotification,
  readAllNotifications,
  getNotificationPreferences,
  updateNotificationPreferences,
  listMutes,
  muteConversation,
  unmuteConversation,
] as const;

/** One function serves both, because both are rarely called and need the same rights. */
export const notificationFunctionRoutes = [...notificationRoutes, ...draftRoutes] as const;
