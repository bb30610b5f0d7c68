import { expect } from 'vitest';
import { signInAsGuest } from '../../shared/contract/guests/sign-in-as-guest.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { guestLimits } from '../../shared/features/guests/guest-limits.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { type GuestDevice, newDevice, newDeviceSecret, proofOf } from '../integration/guests/guest-devices.ts';
import {
  askAsGuest,
  guestPath,
  type GuestPerson,
  newGuestPerson,
  transferCodeOf,
} from '../integration/guests/guest-person.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { withoutSession } from '../integration/matrix/session-slots.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import type { Provocation } from '../integration/problems/provocation.ts';
import { exhaust, forgetAttempts, slug, type Stage } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

const wrongCode = 'ABCDE-FGHJK';
/** The matrix sends it from several callers, which are one guest. */
const matrixSecret = newDeviceSecret();

/** A guest of its own for a provocation, in a state that {@link change} makes. */
function afterChange(change: (stage: Stage, guest: GuestPerson) => Promise<object>): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const guest = await newGuestPerson(stage.test, slug, 'provoked');
      const { deviceSecret } = guest;
      const more = await change(stage, guest);
      return send({ body: { tenant: slug, deviceSecret, ...more } });
    },
    changes: 'a guest is created',
  };
}

async function setAccess({ tables, prefix }: Stage, { userId }: GuestPerson, attribute: string, value: string) {
  const { pk, sk } = keys.userAccess(userId);
  await tables.set(prefix + pk, sk, attribute, value);
  return {};
}

export const card = defineCard(signInAsGuest, {
  matrix: {
    own: withoutSession(({ home }) => [
      { name: 'own', request: { body: { tenant: home?.slug, deviceSecret: matrixSecret } }, status: 200 },
    ]),
    slots: {
      'body.tenant': withoutSession(({ home, foreign }) => {
        const proof = proofOf(newDevice(), { tenant: home?.slug ?? '', aud: 'https://other.example' });
        return [
          {
            name: 'body.tenant never existed',
            request: { body: { tenant: 'never-existed', deviceSecret: matrixSecret } },
            ...{ status: 403, code: 'GUESTS_OFF' },
          },
          {
            name: 'body.tenant is another one than that of the proof',
            request: { body: { tenant: foreign.slug, proof } },
            ...{ status: 401, code: 'INVALID_PROOF' },
          },
          ...['North', 'T#x', 'north%23', '__proto__', foreign.tenantId].map((tenant) => ({
            name: `body.tenant is ${tenant}`,
            request: { body: { tenant, deviceSecret: matrixSecret } },
            ...malformed,
          })),
        ];
      }),
    },
  },
  goodRequest: ({ guest }) => ({ by: guest, body: { tenant: slug, deviceSecret: guest.deviceSecret } }),
  problems: {
    'guests-off': {
      provoke: (_, { send }) => send({ body: { tenant: 'never-existed', deviceSecret: newDeviceSecret() } }),
    },
    'invalid-proof': {
      provoke: (_, { send }) => send({ body: { tenant: slug, proof: 'a.b.c' } }),
      pointers: ['/body/proof'],
    },
    'clock-skew': {
      provoke: ({ test }, { send }) =>
        send({ body: { tenant: slug, proof: proofOf(newDevice(), { aud: test.url, tenant: slug, iat: 1000 }) } }),
    },
    'proof-of-work-required': {
      provoke: async (stage, { send }) => {
        await exhaust(stage, guestLimits.newOfTenant, 'all');
        const answer = await send({ body: { tenant: slug, deviceSecret: newDeviceSecret() } });
        await forgetAttempts(stage);
        return answer;
      },
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage, { send }) =>
        untilRejected(stage, () =>
          send({ body: { tenant: slug, deviceSecret: newDeviceSecret(), transferCode: wrongCode } }),
        ),
      changes: counted,
    },
    'account-suspended': afterChange((stage, guest) => setAccess(stage, guest, 'status', 'suspended')),
    'guest-ended': afterChange((stage, guest) => setAccess(stage, guest, 'role', 'member')),
    'transfer-code-invalid': {
      provoke: (_, { send }) =>
        send({ body: { tenant: slug, deviceSecret: newDeviceSecret(), transferCode: wrongCode } }),
      changes: counted,
    },
    'device-already-guest': afterChange(async ({ test, guest }) => ({
      transferCode: await transferCodeOf(test, guest),
    })),
    'device-removed': afterChange(async ({ test }, guest) => {
      const transferCode = await transferCodeOf(test, guest);
      const move = { deviceSecret: newDeviceSecret(), transferCode, endOtherSessions: true };
      await askAsGuest(test, slug, move);
      return {};
    }),
  },
  crash: {
    sweeps: {
      'sign in as a guest': (world: CrashWorld): CrashScript<{ readonly device: GuestDevice; userId?: string }> => ({
        prepare: async () => ({ device: newDevice() }),
        attempt: async (state) => {
          const answer = await patiently(world, () =>
            askAsGuest(world.test, world.slug, {
              proof: proofOf(state.device, { aud: world.test.url, tenant: world.slug }),
              profile: { name: 'Sam' },
            }),
          );
          expect(answer.status, answer.text).toBe(200);
          expect(answer.body.user.name).toBe('Sam');
          state.userId = answer.body.user.id as string;
        },
        check: async ({ device, userId }) => {
          const proof = proofOf(device, { aud: world.test.url, tenant: world.slug });
          const again = await patiently(world, () => askAsGuest(world.test, world.slug, { proof }));
          expect(again.body.user, again.text).toMatchObject({ id: userId, name: 'Sam' });
        },
      }),
      'move a guest to another device': (
        world: CrashWorld,
      ): CrashScript<{
        readonly guest: GuestPerson;
        readonly transferCode: string;
        readonly deviceSecret: string;
      }> => ({
        prepare: async () => {
          const guest = await newGuestPerson(world.test, world.slug, 'moving');
          const transferCode = await transferCodeOf(world.test, guest);
          return { guest, transferCode, deviceSecret: newDeviceSecret() };
        },
        attempt: async ({ guest, transferCode, deviceSecret }) => {
          const move = { transferCode, deviceSecret, endOtherSessions: true };
          const answer = await patiently(world, () => askAsGuest(world.test, world.slug, move));
          expect(answer.status, answer.text).toBe(200);
          expect(answer.body.user.id).toBe(guest.userId);
        },
        check: async ({ guest, deviceSecret }) => {
          const moved = await patiently(world, () => askAsGuest(world.test, world.slug, { deviceSecret }));
          expect(moved.body.user, moved.text).toMatchObject({ id: guest.userId });
          const lost = { deviceSecret: guest.deviceSecret };
          const removed = await patiently(world, () => askAsGuest(world.test, world.slug, lost));
          expect(removed.body.code, removed.text).toBe('DEVICE_REMOVED');
        },
      }),
    },
  },
  replay: { announcesNothing: 'A guest’s account is in no timeline.' },
  walk: async (scene) => {
    const { test, cast } = scene.walker;
    const { slug: tenant } = cast;
    const proof = proofOf(newDevice(), { aud: test.url, tenant });
    const { accessToken: token } = await scene.answer(200, 'POST', guestPath, undefined, { tenant, proof });
    const { transferCode } = await scene.answer(201, 'POST', '/api/v1/guests/me/transfer-code', {
      ...cast.alice,
      token,
    });
    const move = { tenant, deviceSecret: newDeviceSecret(), transferCode };
    await scene.answer(200, 'POST', guestPath, undefined, move);
  },
});
