import { defineRoute } from '../kit/define-route.ts';
import {
  conversationBusy,
  conversationNotFound,
  editWindowOver,
  messageNotEditable,
  messageNotFound,
  notTheSender,
  throttled,
} from '../problems.ts';
import { conversationId, seqParameter } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';

/** Refusals of a deletion, the same over HTTP and WebSocket. */
export const deleteProblems = [
  conversationNotFound,
  messageNotFound,
  notTheSender,
  messageNotEditable,
  editWindowOver,
  throttled,
  conversationBusy,
] as const;

export const deleteMessage = defineRoute({
  operationId: 'deleteMessage',
  method: 'DELETE',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}',
  access: 'guest',
  summary: 'Delete a message',
  description:
    'The sender may delete it within the tenant’s window (guests: 5 minutes). Its place stays, with `deletedAt` and without content; nothing serves what it said. A second deletion is answered like the first.',
  params: { conversationId, seq: seqParameter },
  responses: { 200: message },
  problems: deleteProblems,
  idempotent: 'yes',
});
