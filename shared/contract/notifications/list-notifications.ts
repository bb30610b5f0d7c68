import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { notification, notificationCount, notificationKind } from '../schemas/notification.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { text } from '../schemas/text.ts';

export const listNotifications = defineRoute({
  operationId: 'listNotifications',
  method: 'GET',
  path: '/api/v1/notifications',
  access: 'notifications:manage',
  summary: 'List your notifications',
  description:
    'Returns the notifications of the last 90 days, the one with the newest cause first. With a filter, the service reads a limited number of notifications for each page, so a page can be short or empty although `nextCursor` leads to more.',
  params: {},
  query: z.strictObject({
    unread: z.optional(
      z
        .pipe(
          text(z.regex(/^(true|false)$/, 'must be true or false')),
          z.transform((value: string) => value === 'true'),
        )
        .check(z.describe('If true, only unread notifications'), z.meta({ sent: { type: 'boolean' } })),
    ),
    kind: z.optional(notificationKind.check(z.describe('Only notifications of this kind'))),
    limit: limitParameter(20),
    cursor: cursorParameter,
  }),
  responses: { 200: z.extend(page(notification), notificationCount.shape) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
