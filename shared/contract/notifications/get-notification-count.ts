import { defineRoute } from '../kit/define-route.ts';
import { notificationCount } from '../schemas/notification.ts';

export const getNotificationCount = defineRoute({
  operationId: 'getNotificationCount',
  method: 'GET',
  path: '/api/v1/notifications/unread-count',
  access: 'notifications:manage',
  summary: 'Count your unread notifications',
  params: {},
  responses: { 200: notificationCount },
  problems: [],
  idempotent: 'safe',
});
