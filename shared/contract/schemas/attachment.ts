import * as z from 'zod/mini';
import { id, timestamp } from './ids.ts';
import { text } from './text.ts';

/** Bytes; the highest limit of any tenant. A function examines the whole file in memory. */
export const largestAttachment = 50 * 1024 * 1024;

export const attachmentId = id.check(
  z.meta({ description: 'Id of the attachment, a ULID', examples: ['01KAJ80C7FHAK2M5P8R1T4W7YZ'] }),
);

export const attachmentName = text(
  z.minLength(1),
  z.maxLength(255),
  z.meta({
    description:
      'Name of the file. The service removes folders, and invisible characters that no script or emoji needs. If the name lacks an extension of the file’s type, the service appends one.',
    examples: ['harbour.jpg'],
  }),
);

const attachmentMembers = {
  id: attachmentId,
  name: z
    .string()
    .check(z.meta({ description: 'Name of the file, as the service sanitised it', examples: ['harbour.jpg'] })),
  contentType: z
    .string()
    .check(z.meta({ description: 'Type that the service detected in the bytes', examples: ['image/jpeg'] })),
  size: z.int().check(z.meta({ description: 'Size in bytes', examples: [248_211] })),
  width: z.optional(
    z.int().check(z.meta({ description: 'Width of an image as displayed, in pixels', examples: [1600] })),
  ),
  height: z.optional(
    z.int().check(z.meta({ description: 'Height of an image as displayed, in pixels', examples: [1200] })),
  ),
  durationMs: z.optional(
    z.int().check(z.meta({ description: 'Duration of a sound, in milliseconds', examples: [4200] })),
  ),
  hasThumbnail: z.boolean().check(z.meta({ description: 'Whether the file has a thumbnail', examples: [true] })),
};

export const attachment = z
  .object(attachmentMembers)
  .register(z.globalRegistry, { id: 'Attachment', description: 'A file that the service has examined' });
export type AttachmentView = z.infer<typeof attachment>;

const uploadForm = z
  .object({
    url: z
      .string()
      .check(
        z.meta({ description: 'URL to POST the form to', examples: ['https://files.s3.eu-central-1.amazonaws.com/'] }),
      ),
    fields: z.record(z.string(), z.string()).check(
      z.meta({
        description:
          'Fields of the form (`multipart/form-data`). Send them unchanged, followed by the field `file` as the last one.',
        examples: [
          { key: 'quarantine/01KAJ6Y3Z8W2Q4R7T9V1X5N0MB/01KAJ80C7FHAK2M5P8R1T4W7YZ', 'Content-Type': 'image/jpeg' },
        ],
      }),
    ),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'UploadForm',
    description: 'A form that accepts only a file of the announced type and size',
  });

export const announcedAttachment = z
  .object({ id: attachmentId, upload: z.optional(uploadForm) })
  .register(z.globalRegistry, {
    id: 'AnnouncedAttachment',
    description:
      'An announced file. Upload it with the form, then complete the attachment. `upload` is absent if the attachment is already complete.',
  });
export type AnnouncedAttachment = z.infer<typeof announcedAttachment>;

export const attachmentDownload = z
  .object({
    ...attachmentMembers,
    url: z.string().check(
      z.meta({
        description: 'URL of the bytes, which works for everybody until `expiresAt`',
        examples: ['https://files.s3.eu-central-1.amazonaws.com/t/…'],
      }),
    ),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'AttachmentDownload',
    description: 'An attachment with a temporary URL to download it',
  });
export type AttachmentDownload = z.infer<typeof attachmentDownload>;
