import { expect } from 'vitest';
import { updateGuestProfile } from '../../shared/contract/guests/update-guest-profile.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { type GuestPerson, newGuestPerson } from '../integration/guests/guest-person.ts';
import { guestOfWalk, guestWithoutRecord } from '../integration/guests/guest-provocations.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/guests/me';

export const card = defineCard(updateGuestProfile, {
  matrix: {
    own: ({ home, foreign }) => [
      { name: 'own', request: { body: { name: `${home?.canary ?? 'canarystaff'} changed` } }, status: 200 },
      {
        // A profile has no field for an id.
        name: 'another guest’s',
        request: { body: { name: 'x', id: foreign.guest.userId, tenantId: foreign.tenantId } },
        ...malformed,
      },
    ],
    slots: {},
  },
  goodRequest: ({ guest }) => ({ by: guest, body: { name: 'Robin' } }),
  problems: { 'guest-ended': guestWithoutRecord },
  crash: {
    sweeps: {
      'change the profile of a guest': (world: CrashWorld): CrashScript<GuestPerson> => ({
        prepare: () => newGuestPerson(world.test, world.slug, 'changing'),
        attempt: async (guest) => {
          const change = { name: 'Robin', email: null };
          const answer = await persist(() => ask(world, guest, 'PATCH', path, change));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { name: 'Robin' } });
        },
        check: async (guest) => {
          const { body, text } = await ask(world, guest, 'GET', path);
          expect(body.name, text).toBe('Robin');
          expect(body.email, text).toBeUndefined();
        },
      }),
    },
  },
  replay: { announcesNothing: 'A guest’s account is in no timeline.' },
  walk: async (scene) => {
    await scene.answer(200, 'PATCH', path, await guestOfWalk(scene), { name: 'Robin' });
  },
});
