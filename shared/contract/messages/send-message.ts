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
import { conversationClosed, newerReply } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId } from '../schemas/ids.ts';
import { message, newMessage } from '../schemas/message.ts';

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
  conversationClosed,
  newerReply,
] as const;

export const sendMessage = defineRoute({
  operationId: 'sendMessage',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/messages',
  access: 'messages:send',
  summary: 'Send a message',
  description:
    'The first request answers 201, and a repeated request with the same `clientMessageId` answers 200, both with the message. Repeat the request until you get a response, however late: the service stores the message once.',
  params: { conversationId },
  body: newMessage,
  responses: { 201: message, 200: message },
  problems: sendProblems,
  idempotent: 'key',
});
