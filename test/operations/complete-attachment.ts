import { ulid } from 'ulid';
import { expect } from 'vitest';
import { completeAttachment } from '../../shared/contract/attachments/complete-attachment.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { pngFile } from '../../shared/features/attachments/formats/image-builders.ts';
import { mostExaminations } from '../../shared/features/attachments/upload-limits.ts';
import { announce, complete, textFile, upload, uploaded } from '../integration/attachments/upload.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { attachmentSlot, onOwnAttachment } from '../integration/matrix/attachment-slots.ts';
import {
  announcedFirst,
  falsePicture,
  notUploaded,
  onAttachment,
  rejectedFile,
  unknownAttachment,
  withValue,
} from '../integration/problems/attachment-provocations.ts';

import { defineCard } from './kit/define-card.ts';

const picture = { name: 'dot.png', contentType: 'image/png', bytes: pngFile(4, 2) };

const lastPart = (key: string) => key.split('/').at(-1) ?? '';

function storedFile({ tables, prefix }: CrashWorld, id: string) {
  const { pk, sk } = keys.attachment(id);
  return tables.get(prefix + pk, sk);
}

export const card = defineCard(completeAttachment, {
  matrix: {
    own: (caller) => onOwnAttachment(caller),
    slots: { 'path.attachmentId': attachmentSlot },
  },
  goodRequest: onAttachment,
  problems: {
    'attachment-not-found': unknownAttachment,
    'attachment-not-uploaded': notUploaded,
    'attachment-rejected': rejectedFile({ completeFirst: false }),
    'attachment-being-examined': {
      provoke: async (stage, { send }) => {
        const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, falsePicture);
        const { pk, sk } = keys.attachment(attachmentId);
        await stage.tables.set(stage.prefix + pk, sk, 'examinations', mostExaminations);
        await stage.tables.set(stage.prefix + pk, sk, 'examinedAt', Date.now());
        return send({ params: { attachmentId } });
      },
      changes: announcedFirst,
    },
    'quota-exceeded': {
      provoke: async (stage, { send }) => {
        const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, falsePicture);
        return withValue(stage, keys.tenantFiles(), 'bytes', Number.MAX_SAFE_INTEGER, () =>
          send({ params: { attachmentId } }),
        );
      },
      changes: announcedFirst,
    },
  },
  crash: {
    sweeps: {
      'complete a file': (world: CrashWorld): CrashScript<{ readonly id: string }> => {
        const { test, alice, conversation, objects } = world;
        return {
          prepare: async () => ({ id: await uploaded(test, alice, conversation, picture) }),
          attempt: async ({ id }) => {
            const answer = await persist(() => complete(test, alice, id));
            expect(answer.body, answer.text).toMatchObject({ id, width: 4, height: 2, hasThumbnail: true });
          },
          check: async ({ id }) => {
            expect((await objects.keysWith(id)).map(lastPart).sort()).toEqual(['original', 'thumbnail']);
            expect(await storedFile(world, id)).toMatchObject({ status: 'ready', counted: picture.bytes.length });
          },
        };
      },
      'reject a file': (world: CrashWorld): CrashScript<{ readonly id: string }> => {
        const { test, alice, conversation, objects } = world;
        const lie = { ...textFile('no picture'), contentType: 'image/png' };
        return {
          prepare: async () => ({ id: await uploaded(test, alice, conversation, lie) }),
          attempt: async ({ id }) => {
            const answer = await persist(() => complete(test, alice, id));
            expect(answer.body.code, answer.text).toBe('ATTACHMENT_REJECTED');
          },
          check: async ({ id }) => {
            expect(await objects.keysWith(id)).toEqual([]);
            expect(await storedFile(world, id)).toMatchObject({ status: 'rejected', counted: 0 });
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A file is in no timeline before it is sent.' },
  walk: async (scene) => {
    const { test } = scene.walker;
    const { from, id } = await scene.audience();
    const announced = await announce(test, from, id, picture, { clientAttachmentId: ulid() });
    const early = await complete(test, from, announced.body.id);
    expect(early.body.code).toBe('ATTACHMENT_NOT_UPLOADED');
    expect((await upload(announced.body.upload, picture.bytes)).status).toBe(204);
    const completed = await complete(test, from, announced.body.id);
    expect(completed.status, completed.text).toBe(200);
  },
});
