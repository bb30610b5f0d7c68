import * as z from 'zod/mini';
import { id, timestamp } from './ids.ts';
import { text } from './text.ts';

/** The most that any tenant may allow for one file, in bytes: a function holds all of it in memory to look into it. */
export const largestAttachment = 50 * 1024 * 1024;

export const attachmentId = id.check(
  z.meta({ description: 'An attachment, a ULID', examples: ['01KAJ80C7FHAK2M5P8R1T4W7YZ'] }),
);

/** A file as it is announced. */
export const attachmentName = text(
  z.minLength(1),
  z.maxLength(255),
  z.meta({
    description:
      'The file’s name. The service removes folders, and invisible characters that no script and no emoji needs. It appends an extension of the file’s type if the name has none.',
    examples: ['harbour.jpg'],
  }),
);

const attachmentMembers = {
  id: attachmentId,
  name: z.string().check(z.meta({ description: 'The file’s name, made safe', examples: ['harbour.jpg'] })),
  contentType: z
    .string()
    .check(z.meta({ description: 'The type found in the file’s bytes', examples: ['image/jpeg'] })),
  size: z.int().check(z.meta({ description: 'In bytes', examples: [248_211] })),
  width: z.optional(z.int().check(z.meta({ description: 'Of an image, in pixels, as it is shown', examples: [1600] }))),
  height: z.optional(
    z.int().check(z.meta({ description: 'Of an image, in pixels, as it is shown', examples: [1200] })),
  ),
  durationMs: z.optional(z.int().check(z.meta({ description: 'Of a sound, in milliseconds', examples: [4200] }))),
  hasThumbnail: z.boolean().check(z.meta({ description: 'Whether there is a small picture of it', examples: [true] })),
};

/** A file whose bytes were examined, as messages carry it. */
export const attachment = z
  .object(attachmentMembers)
  .register(z.globalRegistry, { id: 'Attachment', description: 'A file whose bytes were examined' });
export type AttachmentView = z.infer<typeof attachment>;

const uploadForm = z
  .object({
    url: z
      .string()
      .check(
        z.meta({ description: 'Where to POST the form', examples: ['https://files.s3.eu-central-1.amazonaws.com/'] }),
      ),
    fields: z.record(z.string(), z.string()).check(
      z.meta({
        description:
          'Fields of the form (`multipart/form-data`), unchanged, before the field `file`, which is the last',
        examples: [
          { key: 'quarantine/01KAJ6Y3Z8W2Q4R7T9V1X5N0MB/01KAJ80C7FHAK2M5P8R1T4W7YZ', 'Content-Type': 'image/jpeg' },
        ],
      }),
    ),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'UploadForm',
    description: 'A form that takes exactly the announced file, once made',
  });

/** What `createAttachment` answers. */
export const announcedAttachment = z
  .object({ id: attachmentId, upload: z.optional(uploadForm) })
  .register(z.globalRegistry, {
    id: 'AnnouncedAttachment',
    description: 'Upload the file with the form, then complete the attachment. Without a form it is complete already.',
  });
export type AnnouncedAttachment = z.infer<typeof announcedAttachment>;

/** What `getAttachment` answers. */
export const attachmentDownload = z
  .object({
    ...attachmentMembers,
    url: z.string().check(
      z.meta({
        description: 'Gives the bytes to whoever has it, until `expiresAt`',
        examples: ['https://files.s3.eu-central-1.amazonaws.com/t/…'],
      }),
    ),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'AttachmentDownload',
    description: 'An attachment with an address to load it from',
  });
export type AttachmentDownload = z.infer<typeof attachmentDownload>;
