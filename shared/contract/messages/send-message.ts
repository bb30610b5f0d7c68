import { attachmentAlreadySent, attachmentNotFound, attachmentNotUploaded } from '../attachments/problems.ts';
import {
  clockSkew,
  conversationBusy,
  conversationNotFound,
  idempotencyConflict,
  messageTooLong,
  referenceNotFound,
  throttled,
} from '../problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId } from '../schemas/ids.ts';
import { message, newMessage } from '../schemas/message.ts';

/** Refusals of a send, the same over HTTP and WebSocket. */
export const sendProblems = [
  conversationNotFound,
  messageTooLong,
  referenceNotFound,
  attachmentNotFound,
  attachmentNotUploaded,
  attachmentAlreadySent,
  throttled,
  clockSkew,
  idempotencyConflict,
  conversationBusy,
] as const;

export const sendMessage = defineRoute({
  operationId: 'sendMessage',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/messages',
  access: 'guest',
  summary: 'Send a message',
  description:
    'A first send answers 201, a repetition with the same `clientMessageId` 200, both with the message. Repeat until there is an answer, however late: it is stored once.',
  params: { conversationId },
  body: newMessage,
  responses: { 201: message, 200: message },
  problems: sendProblems,
  idempotent: 'key',
});
