import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { conversationId } from '../schemas/ids.ts';

export const getConversation = defineRoute({
  operationId: 'getConversation',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}',
  access: 'conversations:read',
  summary: 'Get a conversation',
  params: { conversationId },
  responses: { 200: conversation },
  problems: [conversationNotFound],
  idempotent: 'safe',
});
