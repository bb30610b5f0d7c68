import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { attachmentNotFound, attachmentNotUploaded, attachmentRejected, thumbnailNotFound } from './problems.ts';
import { attachmentDownload, attachmentId } from '../schemas/attachment.ts';

export const getAttachment = defineRoute({
  operationId: 'getAttachment',
  method: 'GET',
  path: '/api/v1/attachments/{attachmentId}',
  access: 'guest',
  summary: 'Get an attachment',
  description:
    'Answers with an address that gives the bytes for two minutes. Whoever sees the message may load what it carries; before it is sent, its owner alone.',
  params: { attachmentId },
  query: z.strictObject({
    variant: z.optional(
      z
        .enum(['original', 'thumbnail'])
        .check(
          z.meta({ description: '`thumbnail`: a WebP image of at most 320 pixels a side', examples: ['thumbnail'] }),
        ),
    ),
  }),
  responses: { 200: attachmentDownload },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected, thumbnailNotFound],
  idempotent: 'safe',
});
