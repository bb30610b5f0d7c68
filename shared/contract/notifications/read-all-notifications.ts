import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { notificationCount, notificationId } from '../schemas/notification.ts';

export const readAllNotifications = defineRoute({
  operationId: 'readAllNotifications',
  method: 'POST',
  path: '/api/v1/notifications/read-all',
  access: 'notifications:manage',
  summary: 'Mark notifications as read',
  description:
    'Marks the notification `upTo` and all with an older cause as read. Send the id of the newest notification that you show: those that arrive meanwhile with a newer cause stay unread. Your other devices get `notification.read`.',
  params: {},
  body: z
    .strictObject({ upTo: notificationId.check(z.describe('Id of the newest notification to mark as read')) })
    .check(z.meta({ examples: [{ upTo: '01KAJ7F5T7M0R3V6X9A2C5E8GH' }] })),
  responses: { 200: notificationCount },
  problems: [],
  idempotent: 'yes',
});
