import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import {
  clockSkew,
  conversationBusy,
  conversationNotFound,
  idempotencyConflict,
  messageTooLong,
  referenceNotFound,
} from '../problems.ts';
import { clientMessageId, conversationId, userId } from '../schemas/ids.ts';
import { message, messageText } from '../schemas/message.ts';
import { notASupportConversation } from './problems.ts';

export const createNote = defineRoute({
  operationId: 'createNote',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/notes',
  access: 'desk:work',
  summary: 'Write a private note',
  description: 'Only agents see notes. Customers receive `entry.hidden`, and their unread counts do not change.',
  params: { conversationId },
  body: z
    .strictObject({
      text: messageText,
      mentions: z.optional(
        z.array(userId).check(
          z.maxLength(50),
          z.refine((ids) => new Set(ids).size === ids.length, 'must not contain an id twice'),
          z.meta({ description: 'Ids of the agents whom the note mentions, at most 50' }),
        ),
      ),
      clientMessageId,
    })
    .check(z.meta({ examples: [{ text: 'Her account was locked.', clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' }] })),
  responses: { 201: message, 200: message },
  problems: [
    conversationNotFound,
    notASupportConversation,
    messageTooLong,
    referenceNotFound,
    clockSkew,
    idempotencyConflict,
    conversationBusy,
  ],
  idempotent: 'key',
});
