import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateMe } from '../../shared/contract/identity/update-me.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { nextNumber } from '../integration/problems/registration.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(updateMe, {
  matrix: {
    own: ({ home, foreign }) => [
      { name: 'own', request: { body: { firstName: `${home?.canary ?? 'canarystaff'} changed` } }, status: 200 },
      {
        // A profile has no field for an id.
        name: 'another user’s',
        request: { body: { firstName: 'x', id: foreign.bob.userId, tenantId: foreign.tenantId } },
        ...malformed,
      },
    ],
    slots: {},
  },
  goodRequest: ({ alice }) => ({ by: alice, body: { firstName: 'Alicia' } }),
  problems: {
    'username-taken': { provoke: (stage, { send }) => send({ body: { username: stage.bob.username } }) },
  },
  crash: {
    sweeps: {
      'change the user name': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => `renamed${nextNumber()}`,
        attempt: async (username) => {
          const answer = await persist(() => ask(world, world.bob, 'PATCH', '/api/v1/users/me', { username }));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { username } });
        },
        check: async (username) => {
          const found = await ask(world, world.alice, 'GET', `/api/v1/users?q=${username}`);
          expect(found.body.items).toMatchObject([{ id: world.bob.userId, username }]);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const username = `n${ulid().slice(-12).toLowerCase()}`;
    await scene.answer(200, 'PATCH', '/api/v1/users/me', await scene.session(), { username });
  },
});
