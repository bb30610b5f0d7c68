import { defineProblem } from '../kit/define-problem.ts';

export const attachmentNotFound = defineProblem({
  name: 'attachment-not-found',
  status: 404,
  title: 'No such attachment',
  description: 'It does not exist, was never sent and is deleted by now, or belongs to a conversation without you.',
});
export const attachmentTypeUnsupported = defineProblem({
  name: 'attachment-type-unsupported',
  status: 422,
  title: 'Files of this type cannot be sent',
  description: 'The detail lists the types that can.',
});
export const attachmentTooLarge = defineProblem({
  name: 'attachment-too-large',
  status: 422,
  title: 'The file is too large',
  description: 'The detail says the tenant’s limit.',
});
export const quotaExceeded = defineProblem({
  name: 'quota-exceeded',
  status: 409,
  title: 'There is no room for the file',
  description: 'The detail says whose quota is used up. Files that were deleted, or never sent, make room.',
});
export const attachmentConflict = defineProblem({
  name: 'attachment-conflict',
  status: 409,
  title: 'The id was used for another file',
  description: 'A file with this `clientAttachmentId` and other properties was announced. Give a new file a new id.',
});
export const attachmentNotUploaded = defineProblem({
  name: 'attachment-not-uploaded',
  status: 409,
  title: 'The file has not arrived',
  description:
    'Upload it with its form, complete it, and ask again. A form that has expired is renewed by announcing the file again with the same `clientAttachmentId`.',
  retryable: true,
});
export const attachmentRejected = defineProblem({
  name: 'attachment-rejected',
  status: 422,
  title: 'The file is not what it says',
  description: 'Its bytes do not fit its announced type, or cannot be read. It was deleted; the detail says why.',
});
export const attachmentAlreadySent = defineProblem({
  name: 'attachment-already-sent',
  status: 409,
  title: 'The attachment belongs to another message',
  description: 'An attachment is sent once. Upload the file again to send it again.',
});
export const thumbnailNotFound = defineProblem({
  name: 'thumbnail-not-found',
  status: 404,
  title: 'There is no thumbnail',
  description: 'Only attachments with `hasThumbnail` have one.',
});
