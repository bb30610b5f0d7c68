import { defineRoute } from '../kit/define-route.ts';
import { conversationBusy, conversationNotFound } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { notASupportConversation } from './problems.ts';

export const wipeConversation = defineRoute({
  operationId: 'wipeConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/wipe',
  access: 'conversations:wipe',
  summary: 'Delete everything that you wrote to the desk',
  description:
    'Destroys the keys of the conversation and deletes its files, for everyone and at once. The desk sees only that it happened. The conversation is closed. This cannot be undone.',
  params: { conversationId },
  responses: { 204: null },
  problems: [conversationNotFound, notASupportConversation, conversationBusy],
  idempotent: 'yes',
});
