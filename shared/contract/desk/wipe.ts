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
    'From the answer on, no one can read the conversation or open its files. A download address that was issued before works for up to two minutes. The service then deletes the files. Agents see only that it happened. The conversation is closed. This cannot be undone.',
  params: { conversationId },
  responses: { 204: null },
  problems: [conversationNotFound, notASupportConversation, conversationBusy],
  idempotent: 'yes',
});
