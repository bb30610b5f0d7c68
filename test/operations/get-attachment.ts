import { ulid } from 'ulid';
import { expect } from 'vitest';
import { getAttachment } from '../../shared/contract/attachments/get-attachment.ts';
import { pngFile } from '../../shared/features/attachments/formats/image-builders.ts';
import { get, readyAttachment } from '../integration/attachments/upload.ts';
import { attachmentSlot, onOwnAttachment, ownAttachment } from '../integration/matrix/attachment-slots.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import {
  notUploaded,
  onAttachment,
  rejectedFile,
  unknownAttachment,
} from '../integration/problems/attachment-provocations.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getAttachment, {
  matrix: {
    own: (caller) => onOwnAttachment(caller, { query: { variant: 'original' } }),
    slots: {
      'path.attachmentId': attachmentSlot,
      'query.variant': (caller) =>
        ['', 'ORIGINAL', '../thumbnail', 'quarantine'].map((variant) => ({
          name: `query.variant is ${variant}`,
          request: { params: { attachmentId: ownAttachment(caller) ?? ulid() }, query: { variant } },
          ...malformed,
        })),
    },
  },
  goodRequest: onAttachment,
  problems: {
    'attachment-not-found': unknownAttachment,
    'attachment-not-uploaded': notUploaded,
    'attachment-rejected': rejectedFile({ completeFirst: true }),
    'thumbnail-not-found': { provoke: (_, { send }) => send({ query: { variant: 'thumbnail' } }) },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { test } = scene.walker;
    const { from, id } = await scene.audience();
    const picture = { name: 'dot.png', contentType: 'image/png', bytes: pngFile(2, 2) };
    const attachmentId = await readyAttachment(test, from, id, picture);
    for (const variant of ['original', 'thumbnail']) {
      const { body } = await get(test, from, attachmentId, variant);
      expect((await fetch(body.url)).status).toBe(200);
    }
  },
});
