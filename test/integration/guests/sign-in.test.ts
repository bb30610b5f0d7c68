import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frozenClock } from '../identity/frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from '../identity/identity-system.ts';
import { createTenant, login, register } from '../identity/people.ts';
import {
  guestSessionOf,
  newDevice,
  newDeviceSecret,
  newGuest,
  proofOf,
  type ProofClaims,
  signInAsGuest,
} from './guest-devices.ts';
import { tableOf } from './guest-tables.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
  await system.provision({ command: 'createTenant', slug: 'private', settings: { guests: 'off' } });
});
afterAll(() => system.stop());
const later = frozenClock();

const minute = 60_000;
const day = 24 * 60 * minute;
const seconds = () => Math.floor(Date.now() / 1000);
const refresh = (refreshToken: string) => system.call('refresh', { body: { refreshToken } });
const getProfile = (token: string) => system.call('getGuestProfile', { token });

describe('signing in as a guest', () => {
  it('creates a guest without a name, which can use its token', async () => {
    const session = await newGuest(system, newDevice());
    expect(session).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expect(Object.keys(session.user).sort()).toEqual(['createdAt', 'id', 'role', 'tenantId', 'updatedAt']);
    const { status, body } = await getProfile(session.accessToken);
    expect({ status, body }).toEqual({ status: 200, body: session.user });
    const verified = await system.call('verifyToken', { body: { token: session.accessToken } });
    expect(verified.body.user).toMatchObject({ id: session.user.id, role: 'guest' });
  });

  it('returns the same guest for the same key, and another for another key', async () => {
    const device = newDevice();
    const first = await newGuest(system, device);
    const second = await newGuest(system, device);
    expect(second.user).toEqual(first.user);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await newGuest(system, newDevice())).user.id).not.toBe(first.user.id);
  });

  it('returns the same guest for the same secret, and another in another tenant', async () => {
    const deviceSecret = newDeviceSecret();
    const first = guestSessionOf(await signInAsGuest(system, { deviceSecret }));
    const second = guestSessionOf(await signInAsGuest(system, { deviceSecret }));
    const south = guestSessionOf(await signInAsGuest(system, { deviceSecret, tenant: 'south' }));
    expect(second.user).toEqual(first.user);
    expect(south.user.id).not.toBe(first.user.id);
    expect(south.user.tenantId).not.toBe(first.user.tenantId);
  });

  it('creates one guest when 20 requests of a device arrive at once', async () => {
    const device = newDevice();
    const sessions = await Promise.all(
      Array.from({ length: 20 }, async () =>
        guestSessionOf(await signInAsGuest(system, { proof: proofOf(device) }, '203.0.113.20')),
      ),
    );
    expect(new Set(sessions.map(({ user }) => user.id)).size).toBe(1);
    const table = await tableOf('north');
    const [id = ''] = sessions.map(({ user }) => user.id);
    expect(await table.countItems(id, 'ACCESS')).toBe(1);
    for (const { accessToken } of sessions) expect((await getProfile(accessToken)).status).toBe(200);
  });

  it('stores the profile, encrypted, and replaces only the members that a later request sends', async () => {
    const device = newDevice();
    const profile = {
      name: 'canary-sam',
      email: 'canary-sam@people.test',
      phone: '+41 (44) 555-01.23',
      language: 'de-CH',
    };
    const first = await newGuest(system, device, { profile });
    expect(first.user).toMatchObject({ ...profile, phone: '+41445550123' });
    const second = await newGuest(system, device, { profile: { name: 'canary-robin' } });
    expect(second.user).toMatchObject({ name: 'canary-robin', email: 'canary-sam@people.test' });
    const stored = (await (await tableOf('north')).allText()).toLowerCase();
    for (const secret of ['canary', '445550123', 'de-ch', device.jwk.x.toLowerCase()]) {
      expect(stored.includes(secret), secret).toBe(false);
    }
  });

  it('stores no secret of a device', async () => {
    const deviceSecret = newDeviceSecret();
    await signInAsGuest(system, { deviceSecret });
    expect((await (await tableOf('north')).allText()).includes(deviceSecret)).toBe(false);
  });

  it('shows guests neither in the directory nor in the lists of accounts', async () => {
    const { user } = await newGuest(system, newDevice());
    await register(system, 'reader');
    const { accessToken: token } = guestSessionOf(await login(system, 'reader'));
    const { body } = await system.call('listUsers', { token });
    expect(body.items.map(({ username }) => username)).toContain('reader');
    expect(body.items.map(({ id }) => id)).not.toContain(user.id);
  });
});

describe('a proof', () => {
  const codeOf = async (proof: string, tenant = 'north') => {
    const { status, body } = await signInAsGuest(system, { proof, tenant });
    return { status, code: body.code, field: body.errors?.[0]?.code, pointer: body.errors?.[0]?.pointer };
  };
  const refused = (field: string) => ({ status: 401, code: 'INVALID_PROOF', field, pointer: '/body/proof' });

  it('works once, also in 10 requests at once, and with the other signature of the same payload', async () => {
    const proof = proofOf(newDevice());
    const answers = await Promise.all(Array.from({ length: 10 }, () => codeOf(proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await codeOf(proof)).toEqual(refused('used'));

    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const end = proof.lastIndexOf('.') + 1;
    const signature = Buffer.from(proof.slice(end), 'base64url');
    const s = (order - BigInt(`0x${signature.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
    const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s, 'hex')]).toString('base64url');
    expect(await codeOf(proof.slice(0, end) + other)).toEqual(refused('used'));
  });

  it.each<[string, string, ProofClaims]>([
    ['another service', 'audience', { aud: 'https://evil.example' }],
    ['another tenant', 'tenant', { tenant: 'south' }],
    ['a short jti', 'claims', { jti: 'short' }],
  ])('is rejected if it is for %s', async (_, fault, claims) => {
    expect(await codeOf(proofOf(newDevice(), claims))).toEqual(refused(fault));
  });

  it('is rejected with another algorithm, more header members or a key of another curve', async () => {
    const device = newDevice();
    const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    for (const header of [
      { alg: 'none' },
      { alg: 'HS256' },
      { kid: '1' },
      { jwk: device.key.export({ format: 'jwk' }) },
      { jwk: { kty: 'EC', crv: 'P-384', x, y } },
    ]) {
      expect(await codeOf(proofOf(device, {}, header)), JSON.stringify(Object.keys(header))).toEqual(refused('header'));
    }
  });

  it('does not reveal another device’s guest when its key is in the header', async () => {
    const [victim, thief] = [newDevice(), newDevice()];
    await newGuest(system, victim);
    expect(await codeOf(proofOf({ key: thief.key, jwk: victim.jwk }))).toEqual(refused('signature'));
  });

  it('is rejected with the server’s time if its clock differs by more than two minutes', async () => {
    for (const difference of [-121, 122]) {
      const proof = proofOf(newDevice(), { iat: seconds() + difference });
      const { status, body } = await signInAsGuest(system, { proof });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'CLOCK_SKEW' });
      expect(Math.abs(Date.parse(String(body['serverTime'])) - Date.now())).toBeLessThan(1000);
    }
    expect((await signInAsGuest(system, { proof: proofOf(newDevice(), { iat: seconds() - 118 }) })).status).toBe(200);
  });

  it('stays used for as long as it is valid', async () => {
    const proof = proofOf(newDevice(), { iat: seconds() + 60 });
    expect((await codeOf(proof)).status).toBe(200);
    later(2.9 * minute);
    expect(await codeOf(proof)).toEqual(refused('used'));
  });
});

describe('a request', () => {
  it.each([
    ['a short secret', { deviceSecret: 'mZ3vQk7rTz0xWc5nYp8sL' }],
    ['a secret that is not random', { deviceSecret: 'a'.repeat(22) }],
    ['a secret that is not base64url', { deviceSecret: 'mZ3vQk7rTz0xWc5nYp8sL+' }],
    ['neither secret nor proof', {}],
    ['both secret and proof', { deviceSecret: newDeviceSecret(), proof: 'a.b.c' }],
    ['a device id', { deviceSecret: newDeviceSecret(), deviceId: 'x' }],
    ['a phone number with letters', { deviceSecret: newDeviceSecret(), profile: { phone: 'call me' } }],
    ['endOtherSessions without a code', { deviceSecret: newDeviceSecret(), endOtherSessions: true }],
  ])('is rejected with %s', async (_, body) => {
    expect((await signInAsGuest(system, body)).status).toBe(422);
  });

  it('gets the same answer for a tenant without guests, an unknown one and the platform', async () => {
    for (const tenant of ['private', 'nowhere', 'platform']) {
      const { status, body } = await signInAsGuest(system, { tenant, deviceSecret: newDeviceSecret() });
      expect({ status, code: body.code }, tenant).toEqual({ status: 403, code: 'GUESTS_OFF' });
    }
  });
});

describe('a guest’s session', () => {
  it('is refreshed with the guest’s profile', async () => {
    const session = await newGuest(system, newDevice(), { profile: { name: 'Sam' } });
    const next = guestSessionOf(await refresh(session.refreshToken));
    expect(next.user).toEqual(session.user);
    expect((await getProfile(next.accessToken)).status).toBe(200);
  });

  it('ends after 30 days without use, and the device begins another one as the same guest', async () => {
    const device = newDevice();
    const session = await newGuest(system, device);
    later(29 * day);
    const kept = guestSessionOf(await refresh(session.refreshToken));
    later(30 * day);
    expect((await refresh(kept.refreshToken)).status).toBe(401);
    expect((await newGuest(system, device)).user).toEqual(session.user);
  });

  it('ends with a logout, and opens sockets with a ticket until then', async () => {
    const session = await newGuest(system, newDevice());
    const { body } = await system.call('createTicket', { token: session.accessToken });
    const policy = await system.authorizeSocket({}, { ticket: body.ticket });
    expect(policy).toMatchObject({ principalId: session.user.id });
    const answer = await system.call('logout', { body: { refreshToken: session.refreshToken } });
    expect(answer.status).toBe(204);
    expect((await getProfile(session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it('ends when the guest is suspended, who cannot sign in again', async () => {
    const device = newDevice();
    const session = await newGuest(system, device);
    await (await tableOf('north')).setAccess(session.user.id, 'status', 'suspended');
    expect((await getProfile(session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
    const { status, body } = await signInAsGuest(system, { proof: proofOf(device) });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'ACCOUNT_SUSPENDED' });
  });
});

describe('a guest', () => {
  it('changes its profile: omitted fields stay, and null removes', async () => {
    const { accessToken: token } = await newGuest(system, newDevice(), { profile: { name: 'Sam', language: 'de' } });
    const body = { name: null, email: 'Sam@People.test' };
    const changed = await system.call('updateGuestProfile', { token, body });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ email: 'sam@people.test', language: 'de' });
    expect(changed.body).not.toHaveProperty('name');
    expect((await getProfile(token)).body).toEqual(changed.body);
  });

  it('keeps ten changes of different fields that are sent at once', async () => {
    const { accessToken: token } = await newGuest(system, newDevice());
    const values = { name: 'Sam', email: 'sam@people.test', phone: '117', language: 'fr' };
    const changes = Object.entries(values).map(([field, value]) => ({ [field]: value }));
    const answers = await Promise.all(changes.map((body) => system.call('updateGuestProfile', { token, body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await getProfile(token)).body).toMatchObject(values);
  });

  it('may use none of the operations of users, and users none of its own', async () => {
    const { accessToken: token } = await newGuest(system, newDevice());
    for (const operation of ['getMe', 'listUsers', 'listAccounts']) {
      expect((await system.call(operation, { token })).status, operation).toBe(403);
    }
    await register(system, 'member');
    const { accessToken: users } = guestSessionOf(await login(system, 'member'));
    for (const operation of ['getGuestProfile', 'createTransferCode']) {
      expect((await system.call(operation, { token: users })).status, operation).toBe(403);
    }
  });
});
