import { defineRoute } from '../kit/define-route.ts';
import { attachmentNotFound, attachmentNotUploaded, attachmentRejected } from './problems.ts';
import { attachment, attachmentId } from '../schemas/attachment.ts';

export const completeAttachment = defineRoute({
  operationId: 'completeAttachment',
  method: 'POST',
  path: '/api/v1/attachments/{attachmentId}/complete',
  access: 'guest',
  summary: 'Complete an upload',
  description:
    'Examines the uploaded bytes. An image loses its metadata, place and time included, and gets a thumbnail; of a sound the length is taken. From then on a message can carry it. A repetition answers the same.',
  params: { attachmentId },
  responses: { 200: attachment },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected],
  idempotent: 'yes',
});
