import { ulid } from 'ulid';
import { expect } from 'vitest';
import { verifyEmail } from '../../shared/contract/identity/verify-email.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { eventually, patiently, persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { mailedToken } from '../integration/iam/mailed-token.ts';
import { invalidToken, neverMailed, tokenSlot } from '../integration/matrix/session-slots.ts';
import { untilRejected } from '../integration/problems/limit-provocations.ts';
import { nextNumber, registration } from '../integration/problems/registration.ts';
import { type Stage, strictSlug } from '../integration/problems/stage.ts';
import { call } from '../integration/raw-client.ts';
import { password } from '../integration/system/world.ts';
import { defineCard } from './kit/define-card.ts';

/** From a registration with the tenant that requires verified addresses. */
async function verificationToken({ test }: Stage): Promise<string> {
  const body = { ...registration(), tenant: strictSlug };
  const answer = await call(test.url, 'POST', '/api/v1/auth/register', { body });
  if (answer.status !== 202) throw new Error(answer.text);
  await test.run.settled();
  const mail = JSON.stringify(test.run.recorder.sinks('mail').at(-1));
  if (!mail.includes(body.email)) throw new Error('The newest mail is not about the registration');
  return /verify-email#token=([\w-]+)/.exec(mail)?.[1] ?? '';
}

const mailedFirst = 'the provocation registers an account';

interface Registered {
  readonly email: string;
  readonly token: string;
}

/** Returns the token of the mailed link. */
async function registered(world: CrashWorld): Promise<Registered> {
  const name = `claimant${nextNumber()}`;
  const email = `${name}@people.test`;
  const person = { firstName: 'New', lastName: 'Comer', username: name, email };
  const body = { tenant: world.slug, ...person, password, passwordConfirm: password };
  const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/register', body));
  expect(answer.status, answer.text).toBe(201);
  let token: string | undefined;
  await eventually('the link is mailed', () => {
    const mail = world.test.run.recorder.sinks('mail').findLast((entry) => JSON.stringify(entry).includes(email));
    token = /verify-email#token=([\w-]+)/.exec(JSON.stringify(mail ?? {}))?.[1];
    return token !== undefined;
  });
  return { email, token: token ?? '' };
}

export const card = defineCard(verifyEmail, {
  matrix: {
    own: () => [],
    slots: { 'body.token': tokenSlot('token', neverMailed, invalidToken, { password }) },
  },
  goodRequest: ({ bob }) => ({ by: bob, body: { token: bob.tenantId + 'x'.repeat(43), password } }),
  problems: {
    'invalid-token': { provoke: (_, { send }) => send() },
    'invalid-credentials': {
      provoke: async (stage, { send }) => send({ body: { token: await verificationToken(stage), password: 'x' } }),
      changes: mailedFirst,
    },
    'username-taken': {
      provoke: async (stage, { send }) =>
        send({ body: { token: await verificationToken(stage), password, username: stage.unverified.username } }),
      changes: mailedFirst,
    },
    'too-many-attempts': {
      provoke: async (stage, { send }) => {
        const token = await verificationToken(stage);
        return untilRejected(stage, () => send({ body: { token, password: 'x' } }));
      },
      changes: mailedFirst,
    },
  },
  crash: {
    sweeps: {
      'verify an address': (world: CrashWorld): CrashScript<Registered> => ({
        prepare: () => registered(world),
        attempt: async ({ token }) => {
          const body = { token, password };
          const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/verify-email', body));
          // The link works once, so a retry is rejected.
          expect(['undefined', 'INVALID_TOKEN'], answer.text).toContain(String(answer.body.code));
        },
        check: async ({ email }) => {
          const found = await ask(world, world.alice, 'GET', `/api/v1/users?q=${encodeURIComponent(email)}`);
          expect(found.body.items, found.text).toHaveLength(1);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { cast } = scene.walker;
    const username = `v${ulid().slice(-12).toLowerCase()}`;
    const email = `${username}@${cast.slug}.test`;
    const names = { firstName: 'New', lastName: 'User', username, email };
    const body = { tenant: cast.slug, ...names, password, passwordConfirm: password };
    await scene.answer(201, 'POST', '/api/v1/auth/register', undefined, body);
    const token = await mailedToken(scene, email, 'verify-email');
    await scene.answer(200, 'POST', '/api/v1/auth/verify-email', undefined, { token, password });
  },
});
