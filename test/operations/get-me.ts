import { getMe } from '../../shared/contract/identity/get-me.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getMe, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/api/v1/users/me', await scene.session());
  },
});
