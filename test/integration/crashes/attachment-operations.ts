import { ulid } from 'ulid';
import { expect } from 'vitest';
import { pngFile } from '../../../shared/features/attachments/formats/image-builders.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { runOut, type StoredObjects } from '../attachments/stored-objects.ts';
import { announce, complete, readyAttachment, textFile, uploaded } from '../attachments/upload.ts';
import type { TestRun } from '../harness.ts';
import type { Cast } from '../people.ts';
import type { Tables } from '../system/tables.ts';
import { eventually, persist } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** What the operations on attachments need of a run. */
export interface AttachmentWorld {
  readonly test: TestRun;
  readonly tables: Tables;
  readonly objects: StoredObjects;
  readonly cast: Cast;
  readonly conversation: string;
}

function fileOf({ tables, cast }: AttachmentWorld, id: string) {
  const { pk, sk } = keys.attachment(id);
  return tables.get(`${tenantPrefix}${cast.alice.tenantId}#${pk}`, sk);
}

/** Lets a user announce as many files as there are crash points. */
async function forgetLimits({ tables, cast }: AttachmentWorld): Promise<void> {
  const { pk, sk } = keys.userFiles(cast.alice.userId);
  await tables.set(`${tenantPrefix}${cast.alice.tenantId}#${pk}`, sk, 'pending', 0);
  const attempts = (await tables.items()).filter((item) => item.pk.includes('ATTEMPTS#'));
  await Promise.all(attempts.map((item) => tables.delete(item.pk, item.sk)));
}

const lastPart = (key: string) => key.split('/').at(-1) ?? '';

export function announceFile(world: AttachmentWorld): CrashOperation<{ readonly clientAttachmentId: string }> {
  const { test, cast, conversation, tables } = world;
  return {
    name: 'announce a file',
    functions: ['attachments'],
    prepare: async () => ({ clientAttachmentId: ulid() }),
    attempt: async (state) => {
      const answer = await persist(() => announce(test, cast.alice, conversation, textFile('hello'), state));
      expect([200, 201], answer.text).toContain(answer.status);
      expect(answer.body.upload.fields.key).toContain(answer.body.id);
    },
    check: async ({ clientAttachmentId }) => {
      const { pk, sk } = keys.clientAttachment(cast.alice.userId, clientAttachmentId);
      const known = await tables.get(`${tenantPrefix}${cast.alice.tenantId}#${pk}`, sk);
      expect(await fileOf(world, String(known?.['attachmentId']))).toMatchObject({ status: 'announced', counted: 5 });
      await forgetLimits(world);
    },
  };
}

export function completeFile(world: AttachmentWorld): CrashOperation<{ readonly id: string }> {
  const { test, cast, conversation, objects } = world;
  const picture = { name: 'dot.png', contentType: 'image/png', bytes: pngFile(4, 2) };
  return {
    name: 'complete a file',
    functions: ['attachments'],
    prepare: async () => ({ id: await uploaded(test, cast.alice, conversation, picture) }),
    attempt: async ({ id }) => {
      const answer = await persist(() => complete(test, cast.alice, id));
      expect(answer.body, answer.text).toMatchObject({ id, width: 4, height: 2, hasThumbnail: true });
    },
    check: async ({ id }) => {
      expect((await objects.keysWith(id)).map(lastPart).sort()).toEqual(['original', 'thumbnail']);
      expect(await fileOf(world, id)).toMatchObject({ status: 'ready', counted: picture.bytes.length });
    },
  };
}

export function rejectFile(world: AttachmentWorld): CrashOperation<{ readonly id: string }> {
  const { test, cast, conversation, objects } = world;
  const lie = { ...textFile('no picture'), contentType: 'image/png' };
  return {
    name: 'reject a file',
    functions: ['attachments'],
    prepare: async () => ({ id: await uploaded(test, cast.alice, conversation, lie) }),
    attempt: async ({ id }) => {
      const answer = await persist(() => complete(test, cast.alice, id));
      expect(answer.body.code, answer.text).toBe('ATTACHMENT_REJECTED');
    },
    check: async ({ id }) => {
      expect(await objects.keysWith(id)).toEqual([]);
      expect(await fileOf(world, id)).toMatchObject({ status: 'rejected', counted: 0 });
    },
  };
}

export function sweepFile(world: AttachmentWorld): CrashOperation<{ readonly id: string }> {
  const { test, cast, conversation, objects, tables } = world;
  return {
    name: 'sweep a file',
    functions: ['sweep-attachments'],
    prepare: async () => ({ id: await readyAttachment(test, cast.alice, conversation) }),
    attempt: async ({ id }) => {
      await runOut(test, tables, cast.alice.tenantId, id);
      await eventually('the file is forgotten', async () => (await fileOf(world, id)) === undefined);
    },
    check: async ({ id }) => {
      expect(await objects.keysWith(id)).toEqual([]);
    },
  };
}
