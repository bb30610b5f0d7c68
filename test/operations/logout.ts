import { expect } from 'vitest';
import { logout } from '../../shared/contract/identity/logout.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { takeSession } from '../integration/crashes/fresh-sessions.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newSession } from '../integration/iam/walker.ts';
import { tokenSlot, withoutSession } from '../integration/matrix/session-slots.ts';
import type { SignedIn } from '../integration/raw-client.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(logout, {
  matrix: {
    own: withoutSession(({ home }) => [
      { name: 'own', request: { body: { refreshToken: home?.carol.refreshToken } }, status: 204 },
    ]),
    // An unknown token is not an error.
    slots: { 'body.refreshToken': tokenSlot('refreshToken', ({ person }) => person.refreshToken, { status: 204 }) },
  },
  goodRequest: ({ bob }) => ({ by: bob, body: { refreshToken: bob.refreshToken } }),
  problems: {},
  crash: {
    sweeps: {
      'log out': (world: CrashWorld): CrashScript<SignedIn> => ({
        prepare: () => takeSession(world),
        attempt: async ({ refreshToken }) => {
          const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/logout', { refreshToken }));
          expect(answer.status, answer.text).toBe(204);
        },
        check: async (session) => {
          const { refreshToken } = session;
          const [me, refreshed] = await Promise.all([
            ask(world, session, 'GET', '/api/v1/users/me'),
            ask(world, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken }),
          ]);
          expect([me.status, refreshed.status]).toEqual([401, 401]);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A session is in no timeline.' },
  walk: async (scene) => {
    const { refreshToken } = await newSession(scene.walker);
    await scene.answer(204, 'POST', '/api/v1/auth/logout', undefined, { refreshToken });
    await scene.answer(401, 'POST', '/api/v1/auth/refresh', undefined, { refreshToken });
  },
});
