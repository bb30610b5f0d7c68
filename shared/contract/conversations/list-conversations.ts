import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { forbidden, invalidCursor } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { queueParameters } from './queue-query.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';

export const listConversations = defineRoute({
  operationId: 'listConversations',
  method: 'GET',
  path: '/api/v1/conversations',
  access: 'conversations:read',
  summary: 'List your conversations',
  description:
    'Returns the conversations that you take part in, the one with the latest activity first. With a parameter of the desk, agents get the support conversations that they have access to: urgent ones first, then by the time when an answer is due, then by waiting time. A page can have fewer items than `limit`, even if more follow.',
  params: {},
  query: z.strictObject({ limit: limitParameter(20), cursor: cursorParameter, ...queueParameters }),
  responses: { 200: page(conversation) },
  problems: [invalidCursor, forbidden],
  idempotent: 'safe',
});
