import { expect } from 'vitest';
import { listMessageVersions } from '../../shared/contract/messages/list-message-versions.ts';
import { onMessages } from '../integration/matrix/message-slots.ts';
import { addressingProblems, deleted, onMessage } from '../integration/problems/message-provocations.ts';
import { onFirstMessage } from '../integration/problems/stage.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listMessageVersions, {
  matrix: onMessages((_, request) => [{ request, status: 200 }]),
  goodRequest: (stage) => onFirstMessage(stage),
  problems: { ...addressingProblems, 'message-deleted': onMessage(deleted) },
  ...readsOnly,
  walk: async (scene) => {
    const [{ from, to }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'PATCH', `${path}/messages/${seq}`, from, { text: 'edited' });
    const versions = await scene.answer(200, 'GET', `${path}/messages/${seq}/versions`, to);
    expect(versions.items).toHaveLength(2);
  },
});
