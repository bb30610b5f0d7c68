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
  access: 'attachments:upload',
  summary: 'Create an attachment',
  description:
    'Announces a file and returns a form for its upload. The form accepts only this type and size, within 5 minutes. The file counts against your quota at once. The service deletes a file that is not completed within an hour, or not sent within a day of its completion. A repeated request with the same `clientAttachmentId` answers 200 with the same attachment, and with a new form until it is complete.',
  params: {},
  body: z.strictObject({
    conversationId,
    name: attachmentName,
    contentType: text(
      z.maxLength(200),
      z.meta({
        description: `One of ${attachmentTypes.join(', ')}, or another common name of one of them, such as \`image/jpg\`. Parameters such as \`codecs\` are ignored. If it is empty or \`application/octet-stream\`, the extension of \`name\` decides.`,
        examples: ['image/jpeg'],
      }),
    ),
    size: z
      .int()
      .check(
        z.minimum(1),
        z.maximum(Number.MAX_SAFE_INTEGER),
        z.meta({ description: 'Exact size in bytes', examples: [248_211] }),
      ),
    clientAttachmentId: z.optional(
      clientMessageId.check(z.describe('A ULID or lower-case UUIDv7 that the client generates once for each file')),
    ),
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
