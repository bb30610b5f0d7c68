import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';

export const listConversations = defineRoute({
  operationId: 'listConversations',
  method: 'GET',
  path: '/api/v1/conversations',
  access: 'conversations:read',
  summary: 'List your conversations',
  description: 'Returns the conversations that you take part in, the one with the latest activity first.',
  params: {},
  query: z.strictObject({ limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(conversation) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
