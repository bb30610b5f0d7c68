import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { attachmentNotFound, attachmentNotUploaded, attachmentRejected, thumbnailNotFound } from './problems.ts';
import { attachmentDownload, attachmentId } from '../schemas/attachment.ts';

export const getAttachment = defineRoute({
  operationId: 'getAttachment',
  method: 'GET',
  path: '/api/v1/attachments/{attachmentId}',
  access: 'attachments:download',
  summary: 'Get an attachment',
  description:
    'Returns a URL of the bytes, which works for 2 minutes. Every user who can see the message can get its attachments. Before an attachment is sent, only its owner can.',
  params: { attachmentId },
  query: z.strictObject({
    variant: z.optional(
      z.enum(['original', 'thumbnail']).check(
        z.meta({
          description: '`thumbnail` is a WebP image of at most 320 pixels a side. Defaults to `original`.',
          examples: ['thumbnail'],
        }),
      ),
    ),
  }),
  responses: { 200: attachmentDownload },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected, thumbnailNotFound],
  idempotent: 'safe',
});
