import { defineRoute } from '../kit/define-route.ts';
import { notificationNotFound } from './problems.ts';
import { notificationCount, notificationId } from '../schemas/notification.ts';

export const readNotification = defineRoute({
  operationId: 'readNotification',
  method: 'POST',
  path: '/api/v1/notifications/{notificationId}/read',
  access: 'notifications:manage',
  summary: 'Mark a notification as read',
  description: 'A notification that is already read keeps its `readAt`. Your other devices get `notification.read`.',
  params: { notificationId },
  responses: { 200: notificationCount },
  problems: [notificationNotFound],
  idempotent: 'yes',
});
