import { ulid } from 'ulid';
import type { Key } from '../../../shared/core/table/keys.ts';
import { announce, complete, uploaded } from '../attachments/upload.ts';
import type { HttpAnswer } from '../raw-client.ts';
import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

export const falsePicture = {
  name: 'picture.png',
  contentType: 'image/png',
  bytes: new TextEncoder().encode('this is no picture'),
};
export const announcedFirst = 'a file is announced first';

export function announcement(conversationId: string) {
  return { conversationId, name: 'notes.txt', contentType: 'text/plain', size: 5, clientAttachmentId: ulid() };
}

export const onAttachment = ({ alice, attachment }: Stage) => ({ by: alice, params: { attachmentId: attachment } });

export const unknownAttachment: Provocation = {
  provoke: (_, { send }) => send({ params: { attachmentId: ulid() } }),
};

export const notUploaded: Provocation = {
  provoke: async (stage, { send }) => {
    const { body } = await announce(stage.test, stage.alice, stage.conversation, falsePicture);
    return send({ params: { attachmentId: body.id } });
  },
  changes: announcedFirst,
};

/** Uploads a text file that is declared as a picture. */
export function rejectedFile({ completeFirst }: { readonly completeFirst: boolean }): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, falsePicture);
      if (completeFirst) await complete(stage.test, stage.alice, attachmentId);
      return send({ params: { attachmentId } });
    },
    changes: announcedFirst,
  };
}

/** Changes a stored attribute during the request, then restores it. */
export async function withValue(
  { tables, prefix }: Stage,
  { pk, sk }: Key,
  attribute: string,
  value: number,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const before = await tables.get(prefix + pk, sk);
  await tables.set(prefix + pk, sk, attribute, value);
  const answer = await send();
  await tables.set(prefix + pk, sk, attribute, Number(before?.[attribute] ?? 0));
  return answer;
}
