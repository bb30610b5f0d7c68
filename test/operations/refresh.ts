import { expect } from 'vitest';
import { refresh } from '../../shared/contract/identity/refresh.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { invalidToken, tokenSlot, withoutSession } from '../integration/matrix/session-slots.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(refresh, {
  matrix: {
    own: withoutSession(({ home }) => [
      { name: 'own', request: { body: { refreshToken: home?.bob.refreshToken } }, status: 200 },
    ]),
    slots: { 'body.refreshToken': tokenSlot('refreshToken', ({ person }) => person.refreshToken, invalidToken) },
  },
  goodRequest: ({ bob }) => ({ by: bob, body: { refreshToken: bob.refreshToken } }),
  problems: {
    'invalid-token': { provoke: (_, { send }) => send({ body: { refreshToken: 'x'.repeat(164) } }) },
  },
  crash: {
    sweeps: {
      refresh: (world: CrashWorld): CrashScript<undefined> => {
        let { refreshToken } = world.alice;
        return {
          prepare: async () => undefined,
          attempt: async () => {
            const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken }));
            expect(answer.status, answer.text).toBe(200);
            // Fails if the session ended by mistake.
            refreshToken = answer.body.refreshToken;
            const me = await ask(world, { ...world.alice, token: answer.body.accessToken }, 'GET', '/api/v1/users/me');
            expect(me.status, me.text).toBe(200);
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A session is in no timeline.' },
  walk: async (scene) => {
    const session = await scene.session();
    const body = { refreshToken: session.refreshToken };
    const { accessToken: token, refreshToken } = await scene.answer(
      200,
      'POST',
      '/api/v1/auth/refresh',
      undefined,
      body,
    );
    Object.assign(session, { token, refreshToken });
  },
});
