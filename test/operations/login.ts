import { expect } from 'vitest';
import { login } from '../../shared/contract/identity/login.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newUser } from '../integration/iam/walker.ts';
import { tenantSlot, withoutSession } from '../integration/matrix/session-slots.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { slug, strictSlug } from '../integration/problems/stage.ts';
import { signIn } from '../integration/raw-client.ts';
import { password } from '../integration/system/world.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(login, {
  hashesPassword: true,
  matrix: {
    own: withoutSession(({ home }) => [
      { name: 'own', request: { body: { tenant: home?.slug, email: home?.bob.email, password } }, status: 200 },
    ]),
    slots: {
      'body.tenant': tenantSlot({ status: 401, code: 'INVALID_CREDENTIALS', alike: 'absent' }, ({ home }) => ({
        ...{ email: home?.bob.email, password },
      })),
      'body.deviceToken': withoutSession(({ home, foreign }) => [
        {
          name: 'body.deviceToken was never issued',
          request: {
            body: { tenant: home?.slug, email: home?.bob.email, password, deviceToken: `T#${foreign.tenantId}` },
          },
          status: 200,
        },
      ]),
    },
  },
  goodRequest: ({ alice }) => ({ by: alice, body: { tenant: slug, email: alice.email, password } }),
  problems: {
    'invalid-credentials': {
      provoke: (stage, { send }) => send({ body: { tenant: slug, email: stage.alice.email, password: 'x' } }),
      changes: counted,
    },
    'account-pending': {
      provoke: (stage, { send }) => send({ body: { tenant: slug, email: stage.pending.email, password } }),
      changes: counted,
    },
    'account-suspended': {
      provoke: (stage, { send }) => send({ body: { tenant: slug, email: stage.suspended.email, password } }),
      changes: counted,
    },
    'email-not-verified': {
      provoke: (stage, { send }) => send({ body: { tenant: strictSlug, email: stage.unverified.email, password } }),
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage, { send }) =>
        untilRejected(stage, () => send({ body: { tenant: slug, email: stage.alice.email, password: 'x' } })),
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      'log in': (world: CrashWorld): CrashScript<undefined> => ({
        prepare: async () => undefined,
        attempt: async () => {
          const { slug: tenant, visitor } = world;
          const body = { tenant, email: visitor.email, password };
          const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', body));
          expect(answer.status, answer.text).toBe(200);
          const { accessToken: token, refreshToken } = answer.body;
          world.sessions.push({ token, refreshToken, userId: visitor.userId, tenantId: visitor.tenantId });
        },
      }),
    },
  },
  replay: { announcesNothing: 'A session is in no timeline.' },
  walk: async ({ walker }) => {
    const { email } = await newUser(walker);
    await signIn(walker.test.url, walker.cast.slug, email, password);
  },
});
