import { defineRoute } from '../kit/define-route.ts';
import {
  attachmentBeingExamined,
  attachmentNotFound,
  attachmentNotUploaded,
  attachmentRejected,
  quotaExceeded,
} from './problems.ts';
import { attachment, attachmentId } from '../schemas/attachment.ts';

export const completeAttachment = defineRoute({
  operationId: 'completeAttachment',
  method: 'POST',
  path: '/api/v1/attachments/{attachmentId}/complete',
  access: 'guest',
  summary: 'Complete an upload',
  description:
    'Examines the uploaded bytes. Images and sounds lose their metadata, place and time included, and so may become smaller; an image gets a thumbnail, a sound its length. An image or sound of another type than announced is accepted as what it is: `contentType` and the extension of `name` say so. From then on a message can carry the file, and it counts against the tenant’s quota. A repetition answers the same.',
  params: { attachmentId },
  responses: { 200: attachment },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected, attachmentBeingExamined, quotaExceeded],
  idempotent: 'yes',
});
