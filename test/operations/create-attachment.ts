import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createAttachment } from '../../shared/contract/attachments/create-attachment.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { mostPendingFiles } from '../../shared/features/attachments/upload-limits.ts';
import { announce, textFile } from '../integration/attachments/upload.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import { conversationAbsent } from '../integration/matrix/conversation-slots.ts';
import { ownConversation, wrongConversations } from '../integration/matrix/conversation-values.ts';
import { casesOf } from '../integration/matrix/request-cases.ts';
import { announcedFirst, announcement, withValue } from '../integration/problems/attachment-provocations.ts';
import type { Provocation } from '../integration/problems/provocation.ts';
import { attachmentBytes } from '../integration/problems/stage.ts';

import { defineCard } from './kit/define-card.ts';

function file({ home }: Caller, conversationId: string) {
  return { body: { conversationId, name: `${home?.canary}.txt`, contentType: 'text/plain', size: 5 } };
}

function announcing(change: object): Provocation {
  return { provoke: (stage, { send }) => send({ body: { ...announcement(stage.conversation), ...change } }) };
}

/** Alice announces a file at each crash point. */
async function resetLimits({ tables, prefix, alice }: CrashWorld): Promise<void> {
  const { pk, sk } = keys.userFiles(alice.userId);
  await tables.set(prefix + pk, sk, 'pending', 0);
  const attempts = (await tables.items()).filter((item) => item.pk.includes('ATTEMPTS#'));
  await Promise.all(attempts.map((item) => tables.delete(item.pk, item.sk)));
}

export const card = defineCard(createAttachment, {
  matrix: {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      return conversationId === undefined ? [] : [{ name: 'own', request: file(caller, conversationId), status: 201 }];
    },
    slots: {
      'body.conversationId': (caller) =>
        casesOf('body.conversationId', wrongConversations(caller), conversationAbsent, (conversationId) =>
          file(caller, conversationId),
        ),
    },
  },
  goodRequest: ({ alice, conversation }) => ({ by: alice, body: announcement(conversation) }),
  problems: {
    'conversation-not-found': { provoke: (stage, { send }) => send({ by: stage.stranger }) },
    'attachment-type-unsupported': announcing({ contentType: 'image/svg+xml' }),
    'attachment-too-large': announcing({ size: attachmentBytes + 1 }),
    'quota-exceeded': {
      provoke: async (stage, { send }) => {
        const body = { ...announcement(stage.conversation), size: attachmentBytes };
        const first = await send({ by: stage.bob, body });
        if (first.status !== 201) throw new Error(first.text);
        return send({ by: stage.bob, body: { ...body, clientAttachmentId: ulid() } });
      },
      changes: announcedFirst,
    },
    'too-many-uploads': {
      provoke: (stage, { send }) =>
        withValue(stage, keys.userFiles(stage.alice.userId), 'pending', mostPendingFiles, () => send()),
    },
    'attachment-conflict': {
      provoke: async (stage, { send }) => {
        const body = announcement(stage.conversation);
        const first = await send({ body });
        if (first.status !== 201) throw new Error(first.text);
        return send({ body: { ...body, size: 6 } });
      },
      changes: announcedFirst,
    },
  },
  crash: {
    sweeps: {
      'announce a file': (world: CrashWorld): CrashScript<{ readonly clientAttachmentId: string }> => {
        const { test, alice, conversation, tables, prefix } = world;
        return {
          prepare: async () => ({ clientAttachmentId: ulid() }),
          attempt: async (state) => {
            const answer = await persist(() => announce(test, alice, conversation, textFile('hello'), state));
            expect([200, 201], answer.text).toContain(answer.status);
            expect(answer.body.upload.fields.key).toContain(answer.body.id);
          },
          check: async ({ clientAttachmentId }) => {
            const clientKey = keys.clientAttachment(alice.userId, clientAttachmentId);
            const reference = await tables.get(prefix + clientKey.pk, clientKey.sk);
            const { pk, sk } = keys.attachment(String(reference?.['attachmentId']));
            expect(await tables.get(prefix + pk, sk)).toMatchObject({ status: 'announced', counted: 5 });
            await resetLimits(world);
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A file is in no timeline before it is sent.' },
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    const file = textFile('hello');
    const announced = await announce(scene.walker.test, from, id, file, { clientAttachmentId: ulid() });
    expect(announced.status, announced.text).toBe(201);
  },
});
