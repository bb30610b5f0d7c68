import { expect } from 'vitest';
import { changePassword } from '../../shared/contract/identity/change-password.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newSession } from '../integration/iam/walker.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { strongPassword, weakPassword } from '../integration/problems/registration.ts';
import type { SignedIn } from '../integration/raw-client.ts';
import { cheapHash } from '../integration/system/cheap-hash.ts';
import { password } from '../integration/system/world.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(changePassword, {
  hashesPassword: true,
  matrix: {
    // Rejected before a password is compared.
    own: () => [{ name: 'without passwords', request: { body: {} }, ...malformed }],
    slots: {},
  },
  goodRequest: ({ alice }) => ({ by: alice, body: { currentPassword: password, newPassword: strongPassword } }),
  problems: {
    'invalid-credentials': {
      provoke: (_, { send }) => send({ body: { currentPassword: 'x', newPassword: strongPassword } }),
      changes: counted,
    },
    'weak-password': {
      provoke: (_, { send }) => send({ body: { currentPassword: password, newPassword: weakPassword } }),
      pointers: ['/body/newPassword'],
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage, { send }) =>
        untilRejected(stage, () => send({ body: { currentPassword: 'x', newPassword: strongPassword } })),
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      'change the password': (world: CrashWorld): CrashScript<{ readonly revision: number }> => {
        const { changer, prefix, tables } = world;
        const { pk, sk } = keys.userCredentials(changer.userId);
        let session: SignedIn = changer;
        let number = 0;
        const current = () => `Harbour-lamp-${number}!`;
        const revisionOf = async () => Number((await tables.get(prefix + pk, sk))?.['revision']);
        return {
          prepare: async () => {
            await tables.set(prefix + pk, sk, 'passwordHash', cheapHash(current()));
            return { revision: await revisionOf() };
          },
          attempt: async () => {
            const path = '/api/v1/auth/change-password';
            const body = { currentPassword: current(), newPassword: `Harbour-lamp-${number + 1}!` };
            const answer = await patiently(world, () => ask(world, session, 'POST', path, body));
            number += 1;
            if (answer.status === 200) {
              session = { ...session, token: answer.body.accessToken, refreshToken: answer.body.refreshToken };
              return;
            }
            // The request's session has ended. API Gateway's authorizer cache may hide this for 5 seconds.
            expect(['UNAUTHENTICATED', 'INVALID_CREDENTIALS'], answer.text).toContain(answer.body.code);
            const credentials = { tenant: world.slug, email: changer.email, password: current() };
            const login = await patiently(world, () =>
              ask(world, undefined, 'POST', '/api/v1/auth/login', credentials),
            );
            expect(login.status, login.text).toBe(200);
            session = { ...session, token: login.body.accessToken, refreshToken: login.body.refreshToken };
          },
          check: async ({ revision }) => {
            expect(await revisionOf()).toBe(revision + 1);
            const me = await ask(world, session, 'GET', '/api/v1/users/me');
            expect(me.status, me.text).toBe(200);
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const who = await newSession(scene.walker);
    const body = { currentPassword: password, newPassword: 'Lantern-Quay-31!' };
    const { accessToken: token } = await scene.answer(200, 'POST', '/api/v1/auth/change-password', who, body);
    await scene.answer(200, 'POST', '/api/v1/auth/verify', undefined, { token });
  },
});
