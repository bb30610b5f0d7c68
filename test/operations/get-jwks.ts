import { getJwks } from '../../shared/contract/identity/get-jwks.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getJwks, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/.well-known/jwks.json');
  },
});
