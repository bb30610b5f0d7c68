import { conversationClosed } from '../desk/problems.ts';
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

export const deleteProblems = [
  conversationNotFound,
  messageNotFound,
  notTheSender,
  messageNotEditable,
  editWindowOver,
  throttled,
  conversationBusy,
  conversationClosed,
] as const;

export const deleteMessage = defineRoute({
  operationId: 'deleteMessage',
  method: 'DELETE',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}',
  access: 'messages:change',
  summary: 'Delete a message',
  description:
    'Only the sender can delete a message, within the time that the tenant allows (guests: 5 minutes). The message keeps its `seq` and gets `deletedAt`. The service no longer returns its content or earlier versions.',
  params: { conversationId, seq: seqParameter },
  responses: { 200: message },
  problems: deleteProblems,
  idempotent: 'yes',
});
