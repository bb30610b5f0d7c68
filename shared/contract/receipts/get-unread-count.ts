import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';

export const unreadTotal = z
  .object({
    messages: z.int().check(z.meta({ description: 'Number of unread messages in all conversations', examples: [7] })),
    conversations: z
      .int()
      .check(z.meta({ description: 'Number of conversations with unread messages', examples: [2] })),
  })
  .register(z.globalRegistry, { id: 'UnreadTotal', description: 'Unread messages of the caller in all conversations' });
export type UnreadTotal = z.infer<typeof unreadTotal>;

export const getUnreadCount = defineRoute({
  operationId: 'getUnreadCount',
  method: 'GET',
  path: '/api/v1/conversations/unread-count',
  access: 'receipts:read',
  summary: 'Get your total unread count',
  description:
    'Returns the sum of the unread counts of your conversations. Your own receipts count at once, and new messages usually within a second. For the exact count of one conversation, get the conversation.',
  params: {},
  responses: { 200: unreadTotal },
  problems: [],
  idempotent: 'safe',
});
