import { getMessage } from '../../shared/contract/messages/get-message.ts';
import { onMessages } from '../integration/matrix/message-slots.ts';
import { addressingProblems } from '../integration/problems/message-provocations.ts';
import { onFirstMessage } from '../integration/problems/stage.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getMessage, {
  matrix: onMessages((_, request) => [{ request, status: 200 }]),
  goodRequest: (stage) => onFirstMessage(stage),
  problems: addressingProblems,
  ...readsOnly,
  walk: async (scene) => {
    const [{ to }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'GET', `${path}/messages/${seq}`, to);
  },
});
