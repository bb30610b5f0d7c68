import { ulid } from 'ulid';
import { expect } from 'vitest';
import { register } from '../../shared/contract/identity/register.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { tenantSlot, withoutSession } from '../integration/matrix/session-slots.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { nextNumber, registration, weakPassword } from '../integration/problems/registration.ts';
import { closedSlug } from '../integration/problems/stage.ts';
import { password } from '../integration/system/world.ts';
import { defineCard } from './kit/define-card.ts';

function canaryRegistration(name: string) {
  return {
    ...{ email: `canarynorth.${name}@people.test`, username: `canarynorth-${name}` },
    ...{ firstName: `canarynorth ${name}`, lastName: 'canarynorth Last' },
    ...{ password, passwordConfirm: password },
  };
}

export const card = defineCard(register, {
  hashesPassword: true,
  matrix: {
    own: withoutSession(({ home }) => [
      { name: 'own', request: { body: { ...canaryRegistration('erin'), tenant: home?.slug } }, status: 201 },
    ]),
    // `south` accepts no registrations. The answer must not reveal the tenant.
    slots: {
      'body.tenant': tenantSlot({ status: 403, code: 'REGISTRATION_CLOSED', alike: 'absent' }, () =>
        canaryRegistration('eve'),
      ),
    },
  },
  goodRequest: ({ alice }) => ({ by: alice, body: registration() }),
  problems: {
    'registration-closed': {
      provoke: (_, { send }) => send({ body: { ...registration(), tenant: closedSlug } }),
      changes: counted,
    },
    'email-taken': {
      provoke: (stage, { send }) => send({ body: { ...registration(), email: stage.bob.email } }),
      changes: counted,
    },
    'username-taken': {
      provoke: (stage, { send }) => send({ body: { ...registration(), username: stage.bob.username } }),
      changes: counted,
    },
    'weak-password': {
      provoke: (_, { send }) =>
        send({ body: { ...registration(), password: weakPassword, passwordConfirm: weakPassword } }),
      pointers: ['/body/password'],
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage, { send }) =>
        untilRejected(stage, () =>
          send({ body: { ...registration(), password: weakPassword, passwordConfirm: weakPassword } }),
        ),
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      register: (world: CrashWorld): CrashScript<{ readonly email: string; readonly body: object }> => ({
        prepare: async () => {
          const name = `newcomer${nextNumber()}`;
          const email = `${name}@people.test`;
          const person = { firstName: 'New', lastName: 'Comer', username: name };
          return { email, body: { tenant: world.slug, email, ...person, password, passwordConfirm: password } };
        },
        attempt: async ({ body }) => {
          const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/register', body));
          // A retry after a lost answer finds the account.
          expect(['undefined', 'EMAIL_TAKEN'], answer.text).toContain(String(answer.body.code));
        },
        check: async ({ email }, point) => {
          if (point?.call.includes('TransactWriteItems') !== true) return;
          const body = { tenant: world.slug, email, password };
          const login = await ask(world, undefined, 'POST', '/api/v1/auth/login', body);
          expect(login.status, login.text).toBe(200);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { cast } = scene.walker;
    const username = `r${ulid().slice(-12).toLowerCase()}`;
    const names = { firstName: 'New', lastName: 'User', username, email: `${username}@${cast.slug}.test` };
    const body = { tenant: cast.slug, ...names, password, passwordConfirm: password };
    await scene.answer(201, 'POST', '/api/v1/auth/register', undefined, body);
  },
});
