import { ulid } from 'ulid';
import { announce, readyAttachment } from '../attachments/upload.ts';
import type { Stage } from './stage.ts';

/** Messages with files that cannot be sent, and what is done before. */
const png = { name: 'picture.png', contentType: 'image/png', bytes: new TextEncoder().encode('this is no picture') };

export function fileMessage(attachmentId: string) {
  return { type: 'file', attachments: [attachmentId], clientMessageId: ulid() };
}

/** The new message by the problem that it meets, as Alice sends it; `send` sends another before. */
export const fileMessages = {
  'attachment-not-found': async () => fileMessage(ulid()),
  'attachment-not-uploaded': async ({ test, alice, conversation }: Stage) => {
    const { body } = await announce(test, alice, conversation, png);
    return fileMessage(body.id);
  },
  'attachment-already-sent': async (
    { test, alice, conversation }: Stage,
    send: (newMessage: ReturnType<typeof fileMessage>) => Promise<unknown>,
  ) => {
    const attachmentId = await readyAttachment(test, alice, conversation);
    await send(fileMessage(attachmentId));
    return fileMessage(attachmentId);
  },
} as const;

export const fileProblems = Object.keys(fileMessages) as (keyof typeof fileMessages)[];
