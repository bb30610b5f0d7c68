import { ulid } from 'ulid';
import { mostExaminations, mostPendingFiles } from '../../../shared/features/attachments/upload-limits.ts';
import { type Key, keys } from '../../../shared/core/table/keys.ts';
import { announce, complete, uploaded } from '../attachments/upload.ts';
import type { HttpAnswer } from '../raw-client.ts';
import type { OperationId, RouteOf } from '../system/operations.ts';
import { announcement } from './good-requests.ts';
import { send } from './implied-provocations.ts';
import type { Provocation } from './provocation.ts';
import { attachmentBytes, type Stage } from './stage.ts';

type Declared<Id extends OperationId> = RouteOf<Id>['problems'][number]['name'];

const png = { name: 'picture.png', contentType: 'image/png', bytes: new TextEncoder().encode('this is no picture') };
const announcedFirst = 'a file is announced first';

function announcing(change: object): Provocation {
  return {
    provoke: (stage) => send(stage, 'createAttachment', { body: { ...announcement(stage.conversation), ...change } }),
  };
}

function unknown(operationId: OperationId): Provocation {
  return { provoke: (stage) => send(stage, operationId, { params: { attachmentId: ulid() } }) };
}

function notUploaded(operationId: OperationId): Provocation {
  return {
    provoke: async (stage) => {
      const { body } = await announce(stage.test, stage.alice, stage.conversation, png);
      return send(stage, operationId, { params: { attachmentId: body.id } });
    },
    changes: announcedFirst,
  };
}

function rejected(operationId: OperationId): Provocation {
  return {
    provoke: async (stage) => {
      const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, png);
      if (operationId !== 'completeAttachment') await complete(stage.test, stage.alice, attachmentId);
      return send(stage, operationId, { params: { attachmentId } });
    },
    changes: announcedFirst,
  };
}

async function again(stage: Stage, change: object, by = stage.alice) {
  const body = { ...announcement(stage.conversation), ...change };
  const first = await send(stage, 'createAttachment', { by, body });
  if (first.status !== 201) throw new Error(first.text);
  return body;
}

/** Runs an action while an item's attribute has another value. */
async function withValue(
  { tables, prefix }: Stage,
  { pk, sk }: Key,
  attribute: string,
  value: number,
  work: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const before = await tables.get(prefix + pk, sk);
  await tables.set(prefix + pk, sk, attribute, value);
  const answer = await work();
  await tables.set(prefix + pk, sk, attribute, Number(before?.[attribute] ?? 0));
  return answer;
}

/** How the problems of attachments are provoked. */
export const attachmentProvocations: {
  readonly [Id in 'createAttachment' | 'completeAttachment' | 'getAttachment']: {
    readonly [Name in Declared<Id>]: Provocation;
  };
} = {
  createAttachment: {
    'conversation-not-found': {
      provoke: (stage) =>
        send(stage, 'createAttachment', { by: stage.stranger, body: announcement(stage.conversation) }),
    },
    'attachment-type-unsupported': announcing({ contentType: 'image/svg+xml' }),
    'attachment-too-large': announcing({ size: attachmentBytes + 1 }),
    'quota-exceeded': {
      provoke: async (stage) => {
        const body = await again(stage, { size: attachmentBytes }, stage.bob);
        return send(stage, 'createAttachment', { by: stage.bob, body: { ...body, clientAttachmentId: ulid() } });
      },
      changes: announcedFirst,
    },
    'too-many-uploads': {
      provoke: (stage) =>
        withValue(stage, keys.userFiles(stage.alice.userId), 'pending', mostPendingFiles, () =>
          send(stage, 'createAttachment', { body: announcement(stage.conversation) }),
        ),
    },
    'attachment-conflict': {
      provoke: async (stage) => {
        const body = await again(stage, {});
        return send(stage, 'createAttachment', { body: { ...body, size: 6 } });
      },
      changes: announcedFirst,
    },
  },
  completeAttachment: {
    'attachment-not-found': unknown('completeAttachment'),
    'attachment-not-uploaded': notUploaded('completeAttachment'),
    'attachment-rejected': rejected('completeAttachment'),
    'attachment-being-examined': {
      provoke: async (stage) => {
        const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, png);
        const { pk, sk } = keys.attachment(attachmentId);
        await stage.tables.set(stage.prefix + pk, sk, 'examinations', mostExaminations);
        await stage.tables.set(stage.prefix + pk, sk, 'examinedAt', Date.now());
        return send(stage, 'completeAttachment', { params: { attachmentId } });
      },
      changes: announcedFirst,
    },
    'quota-exceeded': {
      provoke: async (stage) => {
        const attachmentId = await uploaded(stage.test, stage.alice, stage.conversation, png);
        return withValue(stage, keys.tenantFiles(), 'bytes', Number.MAX_SAFE_INTEGER, () =>
          send(stage, 'completeAttachment', { params: { attachmentId } }),
        );
      },
      changes: announcedFirst,
    },
  },
  getAttachment: {
    'attachment-not-found': unknown('getAttachment'),
    'attachment-not-uploaded': notUploaded('getAttachment'),
    'attachment-rejected': rejected('getAttachment'),
    'thumbnail-not-found': {
      provoke: (stage) =>
        send(stage, 'getAttachment', {
          params: { attachmentId: stage.attachment },
          query: { variant: 'thumbnail' },
        }),
    },
  },
};
