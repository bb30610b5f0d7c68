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
  description:
    'The detail says whether the user’s or the tenant’s quota is used up. Deleting files frees space, and so does the expiry of files that were never sent. If the tenant has no space at completion, the file stays uploaded for an hour: complete it again.',
});
export const tooManyUploads = defineProblem({
  name: 'too-many-uploads',
  status: 429,
  title: 'Too many files at once',
  description:
    'Too many files are announced and not completed, or were announced within a short time; the detail says which. Complete the uploaded files, wait `retryAfterMs`, and announce the file again. A file that is never completed stops counting after an hour.',
  retryable: true,
});
export const attachmentBeingExamined = defineProblem({
  name: 'attachment-being-examined',
  status: 409,
  title: 'The file is being examined',
  description: 'Other requests to complete it are in progress. Wait `retryAfterMs` and complete it again.',
  retryable: true,
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
  description:
    'It is damaged, of another type, or not safe to pass on. The detail says which rule failed, what was found and what to do. The file is deleted; announce the new one with a new id.',
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
