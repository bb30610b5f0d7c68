import { getOpenidConfiguration } from '../../shared/contract/identity/get-openid-configuration.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getOpenidConfiguration, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/.well-known/openid-configuration');
  },
});
