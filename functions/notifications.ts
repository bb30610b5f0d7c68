import { notificationFunctionRoutes } from '../shared/contract/notifications/routes.ts';
import { deleteDraft } from '../shared/features/drafts/delete-draft.ts';
import { getDraft } from '../shared/features/drafts/get-draft.ts';
import { listDrafts } from '../shared/features/drafts/list-drafts.ts';
import { saveDraft } from '../shared/features/drafts/save-draft.ts';
import { getNotificationCount } from '../shared/features/notifications/get-notification-count.ts';
import { listNotifications } from '../shared/features/notifications/list-notifications.ts';
import { listMutes, muteConversation, unmuteConversation } from '../shared/features/notifications/mutes.ts';
import {
  getNotificationPreferences,
  updateNotificationPreferences,
} from '../shared/features/notifications/notification-preferences.ts';
import { readAllNotifications } from '../shared/features/notifications/read-all-notifications.ts';
import { readNotification } from '../shared/features/notifications/read-notification.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(notificationFunctionRoutes, {
  listNotifications,
  getNotificationCount,
  readNotification,
  readAllNotifications,
  getNotificationPreferences,
  updateNotificationPreferences,
  listMutes,
  muteConversation,
  unmuteConversation,
  listDrafts,
  getDraft,
  saveDraft,
  deleteDraft,
});
