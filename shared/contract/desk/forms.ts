import * as z from 'zod/mini';
import { attachmentAlreadySent, attachmentNotFound, attachmentNotUploaded } from '../attachments/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import {
  clockSkew,
  conversationBusy,
  conversationNotFound,
  forbidden,
  idempotencyConflict,
  throttled,
} from '../problems.ts';
import { clientMessageId, conversationId, seq } from '../schemas/ids.ts';
import { message } from '../schemas/message.ts';
import { templateId, templateValues } from '../schemas/template.ts';
import { text } from '../schemas/text.ts';
import { notAForm, templateNotFound } from '../templates/problems.ts';
import { conversationClosed, formNotFound, invalidAnswers, newerReply, notASupportConversation } from './problems.ts';

/** More than a form has fields. */
const mostAnswers = 50;
/** Bytes of the answers as JSON. Their message must fit into a frame of 128 KB. */
const mostAnswerBytes = 65_536;

export const sendForm = defineRoute({
  operationId: 'sendForm',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/forms',
  access: 'desk:work',
  summary: 'Send a form',
  description:
    'Sends the form of a template as a message of the type `form`. The message keeps a copy: later changes of the template do not change it. The form is a reply to the customer. The first request answers 201, and a repeated request with the same `clientMessageId` answers 200, both with the message.',
  params: { conversationId },
  body: z
    .strictObject({
      templateId,
      values: z.optional(templateValues),
      seenSeq: z.optional(
        seq.check(
          z.describe('The newest entry that you had seen. If a colleague has replied since, the request is refused.'),
        ),
      ),
      clientMessageId,
    })
    .check(
      z.meta({
        examples: [{ templateId: '01KAJ7F5TMAP4R7V0X3Z6B8D1F', clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' }],
      }),
    ),
  responses: { 201: message, 200: message },
  problems: [
    conversationNotFound,
    notASupportConversation,
    templateNotFound,
    notAForm,
    conversationClosed,
    newerReply,
    throttled,
    clockSkew,
    idempotencyConflict,
    conversationBusy,
  ],
  idempotent: 'key',
});

const answer = z.union([text(z.maxLength(8000)), z.number()], {
  error: 'must be a text of at most 8000 characters or a number. Leave it out to skip the field.',
});

export const answerForm = defineRoute({
  operationId: 'answerForm',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/template-response',
  access: 'messages:send',
  summary: 'Answer a form',
  description:
    'Stores the answers as a message of the type `form-response`. Only the customer of the conversation answers. An optional field may be left out. The answer to a file is the id of an attachment of your own that is complete and unsent. A form can be answered again: the newest response counts. The first request answers 201, and a repeated request with the same `clientMessageId` answers 200, both with the message.',
  params: { conversationId },
  body: z
    .strictObject({
      formSeq: seq.check(z.describe('Number of the message with the form')),
      answers: z.record(text(z.minLength(1), z.maxLength(40)), answer).check(
        z.refine((answers) => Object.keys(answers).length <= mostAnswers, `must have at most ${mostAnswers} answers`),
        z.refine(
          (answers) => new TextEncoder().encode(JSON.stringify(answers)).length <= mostAnswerBytes,
          `must have at most ${mostAnswerBytes} bytes as JSON`,
        ),
        z.meta({ description: 'Answers by the ids of the fields', examples: [{ severity: 'High', affected: 12 }] }),
      ),
      clientMessageId,
    })
    .check(
      z.meta({
        examples: [{ formSeq: 2, answers: { severity: 'High' }, clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' }],
      }),
    ),
  responses: { 201: message, 200: message },
  problems: [
    conversationNotFound,
    notASupportConversation,
    forbidden,
    formNotFound,
    invalidAnswers,
    attachmentNotFound,
    attachmentNotUploaded,
    attachmentAlreadySent,
    conversationClosed,
    throttled,
    clockSkew,
    idempotencyConflict,
    conversationBusy,
  ],
  idempotent: 'key',
});
