import { expect } from 'vitest';
import { emailVerificationRequestedEvent } from '../../../shared/contract/events/events.ts';
import { password } from '../system/world.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { patiently } from './identity-operations.ts';
import { eventually, persist } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Operations that prove e-mail addresses. */

let names = 0;

interface Registered {
  readonly email: string;
  readonly token: string;
}

/** Registers a new user; returns the token of the link in the mail. */
async function registered(world: CrashWorld): Promise<Registered> {
  names += 1;
  const email = `claimant${names}@people.test`;
  const person = { firstName: 'New', lastName: 'Comer', username: `claimant${names}`, email };
  const body = { tenant: world.slug, ...person, password, passwordConfirm: password };
  const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/register', body));
  expect(answer.status, answer.text).toBe(201);
  let token: string | undefined;
  await eventually('the link is mailed', () => {
    const mail = world.test.run.recorder.sinks('mail').findLast((one) => JSON.stringify(one).includes(email));
    token = /verify-email#token=([\w-]+)/.exec(JSON.stringify(mail ?? {}))?.[1];
    return token !== undefined;
  });
  return { email, token: token ?? '' };
}

export function verifyAddress(world: CrashWorld): CrashOperation<Registered> {
  return {
    name: 'verify an address',
    functions: ['auth'],
    prepare: () => registered(world),
    attempt: async ({ token }) => {
      const body = { token, password };
      const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/verify-email', body));
      // The second: it was done, and the link works once.
      expect(['undefined', 'INVALID_TOKEN'], answer.text).toContain(String(answer.body.code));
    },
    check: async ({ email }) => {
      const path = `/api/v1/users?q=${encodeURIComponent(email)}`;
      const found = await ask(world, world.alice, 'GET', path);
      expect(found.body.items, found.text).toHaveLength(1);
    },
  };
}

export function askForLinkAgain(world: CrashWorld): CrashOperation<number> {
  const requests = () =>
    world.test.run.recorder
      .sinks('event')
      .filter((event) => (event['detail'] as { type: string }).type === emailVerificationRequestedEvent.type).length;
  return {
    name: 'ask for a link again',
    functions: ['auth'],
    prepare: async () => requests(),
    attempt: async () => {
      const path = '/api/v1/auth/resend-verification';
      const body = { tenant: world.slug, email: world.visitor.email };
      const answer = await patiently(world, () => ask(world, undefined, 'POST', path, body));
      expect(answer.status, answer.text).toBe(202);
    },
    check: (before) => eventually('the request is published', () => requests() > before),
  };
}
