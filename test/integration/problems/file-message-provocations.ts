import { ulid } from 'ulid';
import { announce, readyAttachment } from '../attachments/upload.ts';
import type { Stage } from './stage.ts';

/** Messages with files that cannot be sent, and what is done before. */
const png = { name: 'picture.png', contentType: 'image/png', bytes: new TextEncoder().encode('this is no picture') };

export function fileDraft(attachmentId: string) {
  return { type: 'file', attachments: [attachmentId], clientMessageId: ulid() };
}

/** The draft by the problem that it meets, as Alice sends it; `send` sends another before. */
export const fileDrafts = {
  'attachment-not-found': async () => fileDraft(ulid()),
  'attachment-not-uploaded': async ({ test, alice, conversation }: Stage) => {
    const { body } = await announce(test, alice, conversation, png);
    return fileDraft(body.id);
  },
  'attachment-already-sent': async (
    { test, alice, conversation }: Stage,
    send: (draft: ReturnType<typeof fileDraft>) => Promise<unknown>,
  ) => {
    const attachmentId = await readyAttachment(test, alice, conversation);
    await send(fileDraft(attachmentId));
    return fileDraft(attachmentId);
  },
} as const;

export const fileProblems = Object.keys(fileDrafts) as (keyof typeof fileDrafts)[];
