import { expect } from 'vitest';
import { ulid } from 'ulid';
import { registerGuest } from '../../shared/contract/guests/register-guest.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { type GuestPerson, newGuestPerson } from '../integration/guests/guest-person.ts';
import { guestOfWalk } from '../integration/guests/guest-provocations.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { nextNumber, registration, weakPassword } from '../integration/problems/registration.ts';
import { closedSlug, slug } from '../integration/problems/stage.ts';
import { password } from '../integration/system/world.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/guests/me/register';

function goodBody() {
  const { tenant: _, ...body } = registration();
  return body;
}

export const card = defineCard(registerGuest, {
  hashesPassword: true,
  matrix: {
    // A body that is rejected before the guest becomes a user.
    own: () => [{ name: 'without a name', request: { body: {} }, ...malformed }],
    slots: {},
  },
  goodRequest: ({ guest }) => ({ by: guest, body: goodBody() }),
  problems: {
    'registration-closed': {
      provoke: async ({ test }, { send }) => send({ by: await newGuestPerson(test, closedSlug, 'stays') }),
      changes: 'a guest is created',
    },
    'email-taken': {
      provoke: (stage, { send }) => send({ body: { ...goodBody(), email: stage.bob.email } }),
      changes: counted,
    },
    'username-taken': {
      provoke: (stage, { send }) => send({ body: { ...goodBody(), username: stage.bob.username } }),
      changes: counted,
    },
    'weak-password': {
      provoke: (_, { send }) =>
        send({ body: { ...goodBody(), password: weakPassword, passwordConfirm: weakPassword } }),
      pointers: ['/body/password'],
      changes: counted,
    },
    'guest-ended': {
      provoke: async ({ test, tables, prefix }, { send }) => {
        const guest = await newGuestPerson(test, slug, 'leaving');
        // The authorizer's answer for this token is cached.
        await send({ by: guest, body: {} });
        const { pk, sk } = keys.userAccess(guest.userId);
        await tables.set(prefix + pk, sk, 'role', 'member');
        return send({ by: guest });
      },
      changes: 'a guest is created',
    },
    'too-many-attempts': {
      provoke: (stage, { send }) =>
        untilRejected(stage, () =>
          send({ body: { ...goodBody(), password: weakPassword, passwordConfirm: weakPassword } }),
        ),
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      'become a user': (
        world: CrashWorld,
      ): CrashScript<{ readonly guest: GuestPerson; readonly username: string }> => ({
        prepare: async () => ({
          guest: await newGuestPerson(world.test, world.slug, 'leaving'),
          username: `formerguest${nextNumber()}`,
        }),
        attempt: async ({ guest, username }) => {
          const names = { email: `${username}@people.test`, username, firstName: 'New', lastName: 'Comer' };
          const body = { ...names, password, passwordConfirm: password };
          const answer = await patiently(world, () => ask(world, guest, 'POST', path, body));
          // After a lost answer, the guest has become a user and its session has ended.
          const expected = ['undefined', 'GUEST_ENDED', 'UNAUTHENTICATED', 'FORBIDDEN'];
          expect(expected, answer.text).toContain(String(answer.body.code));
        },
        check: async ({ guest, username }) => {
          const body = { tenant: world.slug, username, password };
          const login = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', body));
          expect(login.status, login.text).toBe(200);
          expect(login.body.user.id).toBe(guest.userId);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A guest’s account is in no timeline.' },
  walk: async (scene) => {
    const guest = await guestOfWalk(scene);
    const username = `f${ulid().slice(-12).toLowerCase()}`;
    const names = { firstName: 'New', lastName: 'User', username, email: `${username}@${scene.walker.cast.slug}.test` };
    await scene.answer(201, 'POST', path, guest, { ...names, password, passwordConfirm: password });
  },
});
