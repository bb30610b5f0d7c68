import { getGuestProfile } from '../../shared/contract/guests/get-guest-profile.ts';
import { guestOfWalk, guestWithoutRecord } from '../integration/guests/guest-provocations.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getGuestProfile, {
  matrix: plain(200),
  goodRequest: ({ guest }) => ({ by: guest }),
  problems: { 'guest-ended': guestWithoutRecord },
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/api/v1/guests/me', await guestOfWalk(scene));
  },
});
