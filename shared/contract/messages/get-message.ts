import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, messageNotFound } from '../problems.ts';
import { conversationId, seqParameter } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';

export const getMessage = defineRoute({
  operationId: 'getMessage',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}',
  access: 'messages:read',
  summary: 'Get a message',
  params: { conversationId, seq: seqParameter },
  responses: { 200: message },
  problems: [conversationNotFound, messageNotFound],
  idempotent: 'safe',
});
