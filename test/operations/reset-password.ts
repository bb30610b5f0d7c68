import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { resetPassword } from '../../shared/contract/identity/reset-password.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { mailedToken } from '../integration/iam/mailed-token.ts';
import { newUser } from '../integration/iam/walker.ts';
import { invalidToken, neverMailed, tokenSlot } from '../integration/matrix/session-slots.ts';
import { nextNumber, strongPassword, weakPassword } from '../integration/problems/registration.ts';
import type { SignedIn } from '../integration/raw-client.ts';
import type { Tables } from '../integration/system/tables.ts';
import { defineCard } from './kit/define-card.ts';

interface Tenant {
  readonly tables: Tables;
  readonly prefix: string;
}

async function revisionOf({ tables, prefix }: Tenant, { userId }: SignedIn): Promise<number> {
  const { pk, sk } = keys.userCredentials(userId);
  return Number((await tables.get(prefix + pk, sk))?.['revision']);
}

/** Stores a link as the mailing function does. */
async function resetToken(tenant: Tenant, person: SignedIn): Promise<string> {
  const token = person.tenantId + randomBytes(32).toString('base64url');
  const { pk, sk } = keys.passwordReset(createHash('sha256').update(token).digest('base64url'));
  await tenant.tables.put({
    ...{ pk: tenant.prefix + pk, sk, userId: person.userId },
    credentialsRevision: await revisionOf(tenant, person),
    goodUntil: Date.now() + 600_000,
    expiresAt: Math.ceil(Date.now() / 1000) + 3600,
  });
  return token;
}

interface Reset {
  readonly token: string;
  readonly revision: number;
  readonly newPassword: string;
}

export const card = defineCard(resetPassword, {
  hashesPassword: true,
  matrix: {
    own: () => [],
    slots: {
      'body.token': tokenSlot('token', neverMailed, invalidToken, { newPassword: 'Another-Lantern-9!' }),
    },
  },
  goodRequest: ({ bob }) => ({
    by: bob,
    body: { token: bob.tenantId + 'x'.repeat(43), newPassword: strongPassword },
  }),
  problems: {
    'invalid-token': { provoke: (_, { send }) => send() },
    'weak-password': {
      provoke: async (stage, { send }) =>
        send({ body: { token: await resetToken(stage, stage.bob), newPassword: weakPassword } }),
      pointers: ['/body/newPassword'],
      changes: 'the provocation stores a link',
    },
  },
  crash: {
    sweeps: {
      'reset the password': (world: CrashWorld): CrashScript<Reset> => ({
        prepare: async () => ({
          token: await resetToken(world, world.forgetful),
          revision: await revisionOf(world, world.forgetful),
          newPassword: `Meadow-bridge-${nextNumber()}!`,
        }),
        attempt: async ({ token, newPassword }) => {
          const body = { token, newPassword };
          const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/reset-password', body));
          // The link works once, so a retry is rejected.
          expect(['undefined', 'INVALID_TOKEN'], answer.text).toContain(String(answer.body?.code));
        },
        check: async ({ revision, newPassword }, point) => {
          expect(await revisionOf(world, world.forgetful)).toBe(revision + 1);
          if (point?.call.includes('TransactWriteItems') !== true) return;
          const body = { tenant: world.slug, email: world.forgetful.email, password: newPassword };
          const login = await ask(world, undefined, 'POST', '/api/v1/auth/login', body);
          expect(login.status, login.text).toBe(200);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { email } = await newUser(scene.walker);
    const request = { tenant: scene.walker.cast.slug, email };
    await scene.answer(202, 'POST', '/api/v1/auth/forgot-password', undefined, request);
    const body = { token: await mailedToken(scene, email, 'reset-password'), newPassword: 'Lantern-Quay-31!' };
    await scene.answer(204, 'POST', '/api/v1/auth/reset-password', undefined, body);
  },
});
