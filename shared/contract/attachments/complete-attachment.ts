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
    'Examines the uploaded bytes. The service removes the metadata of images and sounds, place and time included, so they may become smaller. It creates a thumbnail of an image and measures a sound’s length. An image or sound of another type than announced is accepted with its real type in `contentType` and in the extension of `name`. A completed file can be sent with a message and counts against the tenant’s quota. A repeated request gets the same answer.',
  params: { attachmentId },
  responses: { 200: attachment },
  problems: [attachmentNotFound, attachmentNotUploaded, attachmentRejected, attachmentBeingExamined, quotaExceeded],
  idempotent: 'yes',
});
