import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationWithSelf, userNotFound } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { userId } from '../schemas/ids.ts';

export const createConversation = defineRoute({
  operationId: 'createConversation',
  method: 'POST',
  path: '/api/v1/conversations',
  access: 'member',
  summary: 'Start a conversation',
  description: 'Two people have one conversation: the first start answers 201, every later one of the pair 200.',
  params: {},
  body: z.strictObject({ kind: z.literal('direct'), userId }),
  responses: { 201: conversation, 200: conversation },
  problems: [userNotFound, conversationWithSelf],
  idempotent: 'yes',
});
