import type * as Crypto from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attemptLimits } from '../../../shared/features/identity/attempt-limits.ts';
import { type Answer, type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { createTenant, login, newSession, newSessionAs, password, register, sessionOf, watchTable } from './people.ts';

const work = vi.hoisted(() => ({ hashes: 0 }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof Crypto>();
  const scrypt = (...input: Parameters<typeof crypto.scrypt>) => {
    work.hashes += 1;
    crypto.scrypt(...input);
  };
  return { ...crypto, scrypt };
});

async function workOf(act: () => Promise<Answer>): Promise<{ hashes: number; calls: readonly string[] }> {
  work.hashes = 0;
  takeCalls();
  expect((await act()).body.code).toBe('INVALID_CREDENTIALS');
  return { hashes: work.hashes, calls: takeCalls() };
}

let system: IdentitySystem;
let takeCalls: () => readonly string[];
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
  takeCalls = await watchTable();
});
afterAll(() => system.stop());

const shown = ({ status, headers, body }: Answer) =>
  JSON.stringify({ ...headers, ...body, status, 'x-request-id': '', requestId: '' });

describe('login', () => {
  it('accepts the address or the user name, regardless of case', async () => {
    await register(system, 'anna');
    expect((await login(system, 'anna')).status).toBe(200);
    expect((await login(system, 'ANNA')).status).toBe(200);
    const byEmail = { tenant: 'north', email: 'Anna@People.example', password };
    const { status, body } = await system.call('login', { body: byEmail });
    expect([status, body.tokenType, body.expiresIn]).toEqual([200, 'Bearer', 900]);
    expect(body.user).toMatchObject({ username: 'anna', firstName: 'anna', role: 'member' });
  });

  it('returns tokens with the rights of the role', async () => {
    const { accessToken, user } = await newSession(system, 'bert');
    const me = await system.call('getMe', { token: accessToken });
    expect([me.status, me.body.id]).toEqual([200, user.id]);
    expect((await system.call('listAccounts', { token: accessToken })).body.code).toBe('FORBIDDEN');
    expect((await system.call('getMe')).body.code).toBe('UNAUTHENTICATED');
    const verified = await system.call('verifyToken', { body: { token: accessToken } });
    expect(verified.body).toMatchObject({
      valid: true,
      user: { id: user.id, tenantId: user.tenantId, role: 'member' },
    });
  });

  it('needs no tenant for staff, and only for staff', async () => {
    const { user } = await newSessionAs(system, 'staff', 'sophie', 'platform');
    expect(user).toMatchObject({ role: 'staff', tenantId: '00000000000000000000000000' });
    await register(system, 'carl');
    expect((await login(system, 'carl', { tenant: undefined })).body.code).toBe('INVALID_CREDENTIALS');
  });

  it('gives identical answers for an unknown tenant, an unknown user and a wrong password', async () => {
    await register(system, 'dora');
    const answers = await Promise.all([
      login(system, 'dora', { password: 'wrong' }),
      login(system, 'nobody', { password: 'wrong' }),
      login(system, 'nobody'),
      login(system, 'dora', { tenant: 'south' }),
      login(system, 'dora', { tenant: 'no-such-tenant' }),
      login(system, 'dora', { password: 'wrong', deviceToken: 'x'.repeat(66) }),
    ]);
    expect(new Set(answers.map(shown)).size).toBe(1);
    expect(answers[0]?.body.code).toBe('INVALID_CREDENTIALS');
    expect(answers[0]?.status).toBe(401);
  });

  it('does the same work for an unknown tenant, an unknown user and a wrong password', async () => {
    await register(system, 'emil');
    const attempt = (tenant: string, username: string, sourceIp: string) =>
      workOf(() => system.call('login', { body: { tenant, username, password: 'wrong' }, sourceIp }));
    // Caches the tenant for 30 seconds.
    await attempt('north', 'first-of-all', '192.0.2.6');
    const unknownTenant = await attempt('never-asked-for', 'emil', '192.0.2.1');
    const unknownUser = await attempt('north', 'nobody-else', '192.0.2.2');
    const wrongPassword = await attempt('north', 'emil', '192.0.2.3');
    expect(wrongPassword.hashes).toBe(1);
    expect(unknownUser).toEqual(wrongPassword);
    // A slug is read once in 30 seconds.
    expect(unknownTenant).toEqual({ ...wrongPassword, calls: ['GetItem', ...wrongPassword.calls] });
    const second = await attempt('north', 'emil', '192.0.2.5');
    expect(await attempt('never-asked-for', 'emil', '192.0.2.4')).toEqual(second);
  });

  it('needs either an address or a user name', async () => {
    const both = await login(system, 'anna', { email: 'anna@people.example' });
    expect([both.status, both.body.code]).toEqual([422, 'VALIDATION_FAILED']);
    const neither = await system.call('login', { body: { tenant: 'north', password } });
    expect(neither.status).toBe(422);
  });
});

describe('the limit of logins', () => {
  const guess = (name: string, number: number) =>
    system.call('login', {
      body: { tenant: 'north', username: name, password: `Guess-${number}` },
      sourceIp: `198.51.${number % 100}.${Math.floor(number / 100)}`,
    });

  it('evaluates at most twenty guesses from any number of networks, and still accepts the owner’s device', async () => {
    const { deviceToken } = await newSession(system, 'frida');
    const evaluated: Answer[] = [];
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => guess('frida', round * 40 + index)));
      evaluated.push(...answers.filter(({ status }) => status !== 429));
    }
    expect(evaluated.length).toBeGreaterThan(0);
    expect(evaluated.length).toBeLessThanOrEqual(20);
    // A stranger's right password is not evaluated …
    expect((await login(system, 'frida')).body.code).toBe('TOO_MANY_ATTEMPTS');
    // … while the owner can still log in.
    const own = await login(system, 'frida', { deviceToken });
    expect(own.status).toBe(200);
    expect(sessionOf(own).deviceToken).toBe(deviceToken);
  });

  it('applies to names that do not exist in the same way', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => guess('nobody-at-all', index)));
    const evaluated = answers.filter(({ status }) => status !== 429);
    expect(evaluated).toHaveLength(attemptLimits.loginName.burst);
    expect(new Set(evaluated.map(shown)).size).toBe(1);
  });

  it('applies to unknown tenants, even with a forged device token', async () => {
    const { newDeviceToken } = await import('../../../shared/features/identity/device-token.ts');
    const { openNamedTenant } = await import('../../../shared/features/identity/open-tenant.ts');
    // The keys for unknown tenants are public, so anyone can create this device token.
    const { keys } = await openNamedTenant('no-such-tenant');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        system.call('login', {
          body: {
            tenant: 'no-such-tenant',
            username: 'nobody',
            password: 'Guess-1',
            deviceToken: newDeviceToken(keys, { userId: '00000000000000000000000000', credentialsRevision: 1 }),
          },
          sourceIp: `203.0.113.${index + 100}`,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(attemptLimits.loginName.burst);
  });

  it('counts separately for each unknown tenant and each name', async () => {
    const attempt = (tenant: string, username: string) =>
      system.call('login', { body: { tenant, username, password: 'Guess-1' }, sourceIp: '203.0.113.77' });
    for (let index = 0; index < attemptLimits.loginName.burst; index += 1) {
      expect((await attempt('no-such-tenant-one', 'probe')).status).toBe(401);
    }
    expect((await attempt('no-such-tenant-one', 'probe')).status).toBe(429);
    for (const [tenant, name] of [
      ['no-such-tenant-two', 'probe'],
      ['north', 'probe'],
      ['no-such-tenant-one', 'other'],
    ] as const) {
      expect((await attempt(tenant, name)).status, `${tenant} ${name}`).toBe(401);
    }
  });

  it('evaluates at most fifteen guesses with address and user name together', async () => {
    await register(system, 'gustav');
    const by = { username: 'gustav', email: 'gustav@people.example' };
    const answers: Answer[] = [];
    for (const kind of ['email', 'username'] as const) {
      for (let index = 0; index < 20; index += 1) {
        const body = { tenant: 'north', [kind]: by[kind], password: 'Guess-1' };
        answers.push(await system.call('login', { body, sourceIp: `192.0.2.${100 + index}` }));
      }
    }
    const evaluated = answers.filter(({ status }) => status !== 429);
    expect(evaluated.length).toBeGreaterThan(0);
    expect(evaluated.length).toBeLessThanOrEqual(15);
  });

  it('applies to a device token from before a change of the password', async () => {
    const { accessToken, deviceToken } = await newSession(system, 'hugo');
    const newPassword = 'Lantern-quay-38';
    const changed = await system.call('changePassword', {
      token: accessToken,
      body: { currentPassword: password, newPassword },
    });
    expect(changed.status).toBe(200);
    await useUpAttempts('hugo');
    expect((await login(system, 'hugo', { password: newPassword, deviceToken })).status).toBe(429);
  });

  it('applies to the network when it guesses at many accounts', async () => {
    const { addressBucket, countAttempt } = await import('../../../shared/features/identity/attempt-counter.ts');
    const sourceIp = '192.0.2.99';
    const spray = (name: string) =>
      system.call('login', { body: { tenant: 'north', username: name, password: 'Guess-1' }, sourceIp });
    expect((await spray('spray-first')).status).toBe(401);
    for (let index = 1; index < attemptLimits.loginAddress.burst; index += 1) {
      expect(await countAttempt(addressBucket(attemptLimits.loginAddress, sourceIp))).toBe(0);
    }
    const { status, body } = await spray('spray-last');
    expect([status, body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    expect((await login(system, 'anna')).status).toBe(200);
  });

  it('applies to the device token of another account', async () => {
    const { deviceToken } = await newSession(system, 'hanna');
    await register(system, 'ida');
    await useUpAttempts('ida');
    expect((await login(system, 'ida', { deviceToken })).body.code).toBe('TOO_MANY_ATTEMPTS');
    expect((await login(system, 'hanna', { deviceToken })).status).toBe(200);
  });

  it('counts successful logins less than guesses', async () => {
    await register(system, 'jakob');
    // Leaves room for two guesses. Successes count far less.
    await countAttempts('jakob', attemptLimits.loginName.burst - 2);
    for (let index = 0; index < 3; index += 1) expect((await login(system, 'jakob')).status).toBe(200);
  });

  /** Counts logins as if strangers had tried. All must be allowed. */
  async function countAttempts(username: string, attempts: number): Promise<void> {
    const attempt = await loginAttemptOf(username);
    for (let index = 0; index < attempts; index += 1) expect(await attempt()).toBe(0);
  }

  async function useUpAttempts(username: string): Promise<void> {
    const attempt = await loginAttemptOf(username);
    let waitSeconds = 0;
    for (let index = 0; index <= attemptLimits.loginName.burst && waitSeconds === 0; index += 1) {
      waitSeconds = await attempt();
    }
    expect(waitSeconds).toBeGreaterThan(0);
  }

  /** Returns the seconds to wait; 0 if the login is allowed. */
  async function loginAttemptOf(username: string): Promise<() => Promise<number>> {
    const { countAttempt, tenantBucket } = await import('../../../shared/features/identity/attempt-counter.ts');
    const { identifierHash } = await import('../../../shared/features/identity/account-records.ts');
    const { openNamedTenant } = await import('../../../shared/features/identity/open-tenant.ts');
    const { keys, scope } = await openNamedTenant('north');
    const hash = identifierHash(keys, { kind: 'username', value: username });
    return () => countAttempt(tenantBucket(scope, attemptLimits.loginName, hash));
  }
});

describe('a password hash', () => {
  it('is replaced at the next login when its parameters are outdated', async () => {
    const id = await register(system, 'klara');
    const { keys } = await import('../../../shared/core/table/keys.ts');
    const { tenantTable } = await import('../../../shared/core/table/scoped-table.ts');
    const { findTenantBySlug } = await import('../../../shared/features/tenants/tenant-directory.ts');
    const { scryptSync } = await import('node:crypto');
    const table = tenantTable((await findTenantBySlug('north'))?.scope ?? expect.unreachable());
    const salt = Buffer.alloc(16, 1);
    const old = scryptSync(password, salt, 32, { N: 2 ** 3, r: 8, p: 1 });
    const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const passwordHash = `$scrypt$ln=3,r=8,p=1$${unpadded(salt)}$${unpadded(old)}`;
    await table.update(keys.userCredentials(id), { expression: 'SET #passwordHash = :h', values: { h: passwordHash } });

    expect((await login(system, 'klara')).status).toBe(200);
    const stored = await table.get<{ passwordHash: string }>(keys.userCredentials(id));
    expect(stored?.passwordHash).not.toMatch(/^\$scrypt\$ln=3,/);
    expect((await login(system, 'klara')).status).toBe(200);
  });
});
