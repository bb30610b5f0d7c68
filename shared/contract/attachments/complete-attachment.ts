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
  access: 'attachments:upload',
  summary: 'Complete an upload',
  description:
    'Examines the uploaded file. The service removes the metadata of images and sounds, including time and place, so the file may become smaller. It creates a thumbnail of an image and measures the duration of a sound. An image or sound of another type than announced is accepted, and `contentType` and the extension of `name` then have its real type. A completed file can be sent with a message. It counts against the tenant’s quota.',
  params: { attachmentId },
  responses: { 200: attachment },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected, attachmentBeingExamined, quotaExceeded],
  idempotent: 'yes',
});
