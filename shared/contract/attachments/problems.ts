import { defineProblem } from '../kit/define-problem.ts';

export const attachmentNotFound = defineProblem({
  name: 'attachment-not-found',
  status: 404,
  title: 'No such attachment',
  description:
    'It does not exist, was deleted because it was never sent, or belongs to a conversation that you do not take part in.',
});
export const attachmentTypeUnsupported = defineProblem({
  name: 'attachment-type-unsupported',
  status: 422,
  title: 'Files of this type cannot be sent',
  description: 'The detail lists the types that can be sent.',
});
export const attachmentTooLarge = defineProblem({
  name: 'attachment-too-large',
  status: 422,
  title: 'The file is too large',
  description: 'The detail states the tenant’s limit.',
});
export const quotaExceeded = defineProblem({
  name: 'quota-exceeded',
  status: 409,
  title: 'The storage quota is used up',
  description:
    'The detail states whether it is the user’s or the tenant’s quota. Deleting messages with files frees space, and so does the expiry of unsent files. If the tenant’s quota is used up at completion, the uploaded file stays for an hour, and you can complete it again.',
});
export const tooManyUploads = defineProblem({
  name: 'too-many-uploads',
  status: 429,
  title: 'Too many uploads',
  description:
    'Too many of your files await completion, or you announced too many files within a short time. The detail states which. Complete the uploaded files, wait `retryAfterMs`, then announce the file again. A file that is never completed stops counting after an hour.',
  retryable: true,
});
export const attachmentBeingExamined = defineProblem({
  name: 'attachment-being-examined',
  status: 409,
  title: 'The file is being examined',
  description: 'Other requests to complete the file are in progress. Wait `retryAfterMs`, then complete it again.',
  retryable: true,
});
export const attachmentConflict = defineProblem({
  name: 'attachment-conflict',
  status: 409,
  title: 'The id was already used for another file',
  description: 'A file with this `clientAttachmentId` exists with other properties. Generate a new id for a new file.',
});
export const attachmentNotUploaded = defineProblem({
  name: 'attachment-not-uploaded',
  status: 409,
  title: 'The file is not uploaded',
  description:
    'Upload the file with its form, complete it, and repeat the request. If the form has expired, announce the file again with the same `clientAttachmentId` to get a new form.',
  retryable: true,
});
export const attachmentRejected = defineProblem({
  name: 'attachment-rejected',
  status: 422,
  title: 'The file is not acceptable',
  description:
    'It is damaged, has another type, or is not safe to share. The detail states the rule, the finding and the remedy. The service has deleted the file. Announce a corrected file with a new id.',
});
export const attachmentAlreadySent = defineProblem({
  name: 'attachment-already-sent',
  status: 409,
  title: 'The attachment belongs to another message',
  description: 'An attachment can be sent once. Upload the file again to send it again.',
});
export const thumbnailNotFound = defineProblem({
  name: 'thumbnail-not-found',
  status: 404,
  title: 'The attachment has no thumbnail',
  description: 'Only attachments with `hasThumbnail` have one.',
});
