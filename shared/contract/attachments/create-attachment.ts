import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import {
  attachmentConflict,
  attachmentTooLarge,
  attachmentTypeUnsupported,
  quotaExceeded,
  tooManyUploads,
} from './problems.ts';
import { announcedAttachment, attachmentName } from '../schemas/attachment.ts';
import { attachmentTypes } from '../schemas/attachment-types.ts';
import { clientMessageId, conversationId } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';

export const createAttachment = defineRoute({
  operationId: 'createAttachment',
  method: 'POST',
  path: '/api/v1/attachments',
  access: 'guest',
  summary: 'Announce a file',
  description:
    'Answers with a form for the upload, which accepts exactly this type and size within five minutes. The file counts against the user’s quota from now on. A file that is not completed within an hour, or not sent within a day after that, is deleted. Repeating the request with the same `clientAttachmentId` returns the same attachment.',
  params: {},
  body: z.strictObject({
    conversationId,
    name: attachmentName,
    contentType: text(
      z.maxLength(200),
      z.meta({
        description: `One of ${attachmentTypes.join(', ')}, or another common name of one of them, such as \`image/jpg\`. Parameters such as \`codecs\` are ignored. If the type is empty or \`application/octet-stream\`, the extension of the name decides.`,
        examples: ['image/jpeg'],
      }),
    ),
    size: z
      .int()
      .check(
        z.minimum(1),
        z.maximum(Number.MAX_SAFE_INTEGER),
        z.meta({ description: 'In bytes, exactly', examples: [248_211] }),
      ),
    clientAttachmentId: z.optional(clientMessageId),
  }),
  responses: { 201: announcedAttachment, 200: announcedAttachment },
  problems: [
    conversationNotFound,
    attachmentTypeUnsupported,
    attachmentTooLarge,
    quotaExceeded,
    attachmentConflict,
    tooManyUploads,
  ],
  idempotent: 'key',
});
