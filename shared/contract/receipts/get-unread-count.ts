import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';

export const unreadTotal = z
  .object({
    messages: z.int().check(z.meta({ description: 'Unread messages in all conversations', examples: [7] })),
    conversations: z.int().check(z.meta({ description: 'Conversations with unread messages', examples: [2] })),
  })
  .register(z.globalRegistry, { id: 'UnreadTotal', description: 'What the caller has not read, in total' });
export type UnreadTotal = z.infer<typeof unreadTotal>;

export const getUnreadCount = defineRoute({
  operationId: 'getUnreadCount',
  method: 'GET',
  path: '/api/v1/conversations/unread-count',
  access: 'guest',
  summary: 'Count what is unread in all conversations',
  description:
    'The sum of the unread counts of the list of conversations. The caller’s own receipts count at once; what was written counts mostly within a second. A single conversation’s count, from the conversation or the answer to a receipt, is of this moment.',
  params: {},
  responses: { 200: unreadTotal },
  problems: [],
  idempotent: 'safe',
});
