import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';

export const listConversations = defineRoute({
  operationId: 'listConversations',
  method: 'GET',
  path: '/api/v1/conversations',
  access: 'guest',
  summary: 'List the own conversations',
  description: 'The one with the newest activity first.',
  params: {},
  query: z.strictObject({ limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(conversation) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
