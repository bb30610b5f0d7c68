import { defineRoute } from '../kit/define-route.ts';
import { newNotificationPreferences, notificationPreferences } from '../schemas/notification.ts';

export const getNotificationPreferences = defineRoute({
  operationId: 'getNotificationPreferences',
  method: 'GET',
  path: '/api/v1/notifications/preferences',
  access: 'notifications:manage',
  summary: 'Get your notification preferences',
  description: 'By default, all kinds are on and there are no quiet hours.',
  params: {},
  responses: { 200: notificationPreferences },
  problems: [],
  idempotent: 'safe',
});

export const updateNotificationPreferences = defineRoute({
  operationId: 'updateNotificationPreferences',
  method: 'PUT',
  path: '/api/v1/notifications/preferences',
  access: 'notifications:manage',
  summary: 'Replace your notification preferences',
  description:
    'The preferences apply to notifications that are created afterwards. Notifications of a kind that is off are not created.',
  params: {},
  body: newNotificationPreferences,
  responses: { 200: notificationPreferences },
  problems: [],
  idempotent: 'yes',
});
