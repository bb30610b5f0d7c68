import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptLimits } from '../../../shared/features/identity/attempt-limits.ts';
import { frozenClock } from './frozen-clock.ts';
import { type Answer, type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { createTenant, login, newPerson, newSessionAs, password, sessionOf, watchTable } from './people.ts';

let system: IdentitySystem;
let takeCalls: () => readonly string[];
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'strict', { emailVerification: 'required' });
  await createTenant(system, 'picky', { registration: 'approval' });
  takeCalls = await watchTable();
});
afterAll(() => system.stop());
const later = frozenClock();

const hour = 60 * 60_000;
const newPassword = 'Lantern-quay-38';
const addressOf = (name: string) => `${name}@people.example`;

const register = (body: ReturnType<typeof newPerson>) => system.call('register', { body });
const verify = (token: string, more: object = {}) => system.call('verifyEmail', { body: { token, password, ...more } });
const resend = (name: string, tenant = 'north') =>
  system.call('resendVerification', { body: { tenant, email: addressOf(name) } });
const forget = (name: string) => system.call('forgotPassword', { body: { tenant: 'north', email: addressOf(name) } });

async function mails() {
  const before = system.mails.length;
  for (const event of await system.takeEvents()) {
    if (/password|verification/.test(event.type)) await system.deliverMail(event);
  }
  return system.mails.slice(before);
}

async function mailedToken(page = 'verify-email'): Promise<string> {
  const [mail, ...others] = await mails();
  expect(others).toEqual([]);
  return new RegExp(`https://chat\\.example/${page}#token=(\\S+)`).exec(mail?.text ?? '')?.[1] ?? expect.unreachable();
}

async function registered(name: string, more: Partial<ReturnType<typeof newPerson>> = {}): Promise<string> {
  await mails();
  const answer = await register({ ...newPerson(name), ...more });
  expect(answer.status).toBeLessThan(300);
  return mailedToken();
}

async function isFound(name: string): Promise<boolean> {
  observing ??= newSessionAs(system, 'member', 'observer');
  await observing;
  // The first session's token has expired.
  const { accessToken } = sessionOf(await login(system, 'observer'));
  const found = await system.call('listUsers', { token: accessToken, query: { q: addressOf(name) } });
  return found.body.items.length === 1;
}
let observing: Promise<unknown> | undefined;

describe('an address that is not verified', () => {
  it('lets its account log in, and is hidden from others until verified', async () => {
    const token = await registered('anna');
    expect(system.mails.at(-1)?.to).toBe(addressOf('anna'));
    const session = sessionOf(
      await system.call('login', { body: { tenant: 'north', email: addressOf('anna'), password } }),
    );
    expect(session.user.emailVerified).toBe(false);
    expect(await isFound('anna')).toBe(false);
    expect((await verify(token)).body.user).toMatchObject({ username: 'anna', emailVerified: true });
    expect(await isFound('anna')).toBe(true);
    expect((await system.call('getMe', { token: session.accessToken })).body['emailVerified']).toBe(true);
  });

  it('cannot be used to add its account to a group', async () => {
    const { findPeople } = await import('../../../shared/features/identity/find-people.ts');
    const { openNamedTenant } = await import('../../../shared/features/identity/open-tenant.ts');
    const token = await registered('amy');
    const find = async () => (await findPeople(await openNamedTenant('north'), [{ email: addressOf('amy') }]))[0];
    expect(await find()).toBeUndefined();
    await verify(token);
    expect(await find()).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('gets only mails with a verification link', async () => {
    await registered('arno');
    const { accessToken } = sessionOf(await login(system, 'arno'));
    const body = { currentPassword: password, newPassword };
    expect((await system.call('changePassword', { token: accessToken, body })).status).toBe(200);
    expect(await mails()).toEqual([]);
  });

  it('counts as verified when an operator created the account', async () => {
    const { user } = await newSessionAs(system, 'agent', 'agnes');
    expect(user.emailVerified).toBe(true);
    expect(await isFound('agnes')).toBe(true);
  });
});

describe('the link that verifies an address', () => {
  it('works once, with the password of the account, for twenty-four hours', async () => {
    const token = await registered('bert');
    expect((await verify(token, { password: 'wrong' })).body.code).toBe('INVALID_CREDENTIALS');
    later(24 * hour - 1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    const late = await registered('bernd');
    later(24 * hour);
    expect((await verify(late)).body.code).toBe('INVALID_TOKEN');
  });

  it('is stored as a hash, and forged links are rejected', async () => {
    const token = await registered('berta');
    const { DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb');
    const { Items: items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: 'identity' }));
    expect(JSON.stringify(items)).not.toContain(token.slice(26));
    for (const forged of ['x', `${token}A`, `${token.slice(0, -1)}-`, token.slice(26)]) {
      expect((await verify(forged)).status).toBe(401);
    }
    expect((await verify(token)).status).toBe(200);
  });

  it('limits guesses of the password', async () => {
    const token = await registered('bodo');
    const statuses = [];
    for (let guess = 0; guess <= attemptLimits.verifyEmail.burst; guess += 1) {
      statuses.push((await verify(token, { password: `Guess-${guess}` })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  it('can be requested again, with one answer for every address and a limit', async () => {
    await registered('carl');
    const statuses = [];
    for (const name of ['carl', 'no-such-person']) {
      for (let count = 0; count < 6; count += 1) statuses.push((await resend(name)).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 202, 202, 202, 202, 202, 429]);
    const sent = await mails();
    expect(sent.map(({ to }) => to)).toEqual(Array<string>(5).fill(addressOf('carl')));
    const token = /#token=(\S+)/.exec(sent.at(-1)?.text ?? '')?.[1] ?? expect.unreachable();
    expect((await verify(token)).status).toBe(200);
    later(hour);
    await resend('carl');
    expect(await mails()).toEqual([]);
  });

  it('is mailed once, or twice without a change when the success was not recorded', async () => {
    await mails();
    await register(newPerson('cora'));
    const event = (await system.takeEvents()).find(({ type }) => /verification/.test(type)) ?? expect.unreachable();
    const before = system.mails.length;
    await system.deliverMail(event);
    await system.deliverMail(event);
    expect(system.mails).toHaveLength(before + 1);
  });

  it('verifies an account that needs approval without approving it', async () => {
    const token = await registered('clara', { tenant: 'picky' });
    expect((await verify(token)).body.user).toMatchObject({ status: 'pending', emailVerified: true });
    expect((await login(system, 'clara', { tenant: 'picky' })).body.code).toBe('ACCOUNT_PENDING');
  });
});

describe('an address that a stranger registered first', () => {
  const strangers = (name: string) => registered(`evil-${name}`, { email: addressOf(name) });

  it('is not verified for the stranger by an owner who follows the link', async () => {
    const token = await strangers('dora');
    expect((await verify(token, { password: 'Dora-knows-n0t' })).status).toBe(401);
    expect(await isFound('dora')).toBe(false);
  });

  it('is reserved for a day, then another registration gets it', async () => {
    await strangers('emil');
    expect((await register(newPerson('emil'))).body.code).toBe('EMAIL_TAKEN');
    later(24 * hour);
    const token = await registered('emil');
    expect((await verify(token)).status).toBe(200);
    expect(await isFound('emil')).toBe(true);
    expect((await login(system, 'evil-emil')).status).toBe(200);
    const byEmail = { tenant: 'north', email: addressOf('emil') };
    expect((await system.call('login', { body: { ...byEmail, password } })).body.user.username).toBe('emil');
  });

  it('is taken over at once by a link to set a password, which ends the stranger’s sessions', async () => {
    await strangers('fred');
    const stranger = sessionOf(await login(system, 'evil-fred'));
    await forget('fred');
    const token = await mailedToken('reset-password');
    expect((await system.call('resetPassword', { body: { token, newPassword } })).status).toBe(204);
    expect(await isFound('fred')).toBe(true);
    expect((await system.call('getMe', { token: stranger.accessToken })).status).toBe(401);
    expect((await login(system, 'evil-fred')).status).toBe(401);
    const body = { tenant: 'north', email: addressOf('fred'), password: newPassword };
    expect((await system.call('login', { body })).body.user.emailVerified).toBe(true);
  });

  it('is taken over by an account that an operator creates', async () => {
    await strangers('gina');
    const { user } = await newSessionAs(system, 'admin', 'gina');
    expect(user).toMatchObject({ username: 'gina', role: 'admin', emailVerified: true });
  });

  it('stays the owner’s after verification, and invalidates the stranger’s link', async () => {
    const strangersToken = await strangers('hans');
    later(24 * hour - 1);
    await resend('hans');
    const fresh = await mailedToken();
    later(1);
    const owners = await registered('hans');
    expect((await verify(owners)).status).toBe(200);
    for (const token of [strangersToken, fresh]) expect((await verify(token)).body.code).toBe('INVALID_TOKEN');
    expect((await register({ ...newPerson('hans2'), email: addressOf('hans') })).body.code).toBe('EMAIL_TAKEN');
    later(48 * hour);
    expect((await register({ ...newPerson('hans2'), email: addressOf('hans') })).body.code).toBe('EMAIL_TAKEN');
  });

  it('is free again after the account was rejected, whatever links were mailed before', async () => {
    await registered('evil-ivan', { email: addressOf('ivan'), tenant: 'picky' });
    const body = { tenant: 'picky', email: addressOf('ivan') };
    expect((await system.call('forgotPassword', { body })).status).toBe(202);
    const token = await mailedToken('reset-password');
    const { accessToken } = await newSessionAs(system, 'admin', 'chief', 'picky');
    const waiting = await system.call('listAccounts', { token: accessToken, query: { status: 'pending' } });
    const stranger = waiting.body.items.find(({ username }) => username === 'evil-ivan') ?? expect.unreachable();
    expect((await system.call('rejectUser', { token: accessToken }, { userId: stranger.id })).status).toBe(200);
    const reset = await system.call('resetPassword', { body: { token, newPassword } });
    expect(reset.body.code).toBe('INVALID_TOKEN');
    expect((await register(newPerson('ivan', 'picky'))).status).toBe(201);
    await mails();
  });

  it('stays the owner’s when the stranger’s account is rejected', async () => {
    await strangers('ida').catch(() => undefined);
    await registered('evil-ina', { email: addressOf('ina'), tenant: 'picky' });
    later(24 * hour);
    const token = await registered('ina', { tenant: 'picky' });
    expect((await verify(token)).status).toBe(200);
    const { accessToken } = await newSessionAs(system, 'admin', 'boss', 'picky');
    const waiting = await system.call('listAccounts', { token: accessToken, query: { status: 'pending' } });
    const stranger = waiting.body.items.find(({ username }) => username === 'evil-ina') ?? expect.unreachable();
    expect((await system.call('rejectUser', { token: accessToken }, { userId: stranger.id })).status).toBe(200);
    expect((await register(newPerson('ina', 'picky'))).body.code).toBe('EMAIL_TAKEN');
  });
});

describe('a tenant that requires verified addresses', () => {
  const person = (name: string) => newPerson(name, 'strict');
  const shown = ({ status, body }: Answer) => JSON.stringify([status, { ...body, requestId: '' }]);

  it('creates the account when the address is verified, and not earlier', async () => {
    await mails();
    expect(await register(person('jan'))).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect((await login(system, 'jan', { tenant: 'strict' })).body.code).toBe('INVALID_CREDENTIALS');
    const token = await mailedToken();
    expect((await verify(token)).body.user).toMatchObject({ username: 'jan', status: 'active', emailVerified: true });
    expect((await login(system, 'jan', { tenant: 'strict' })).status).toBe(200);
    expect((await verify(token)).status).toBe(401);
  });

  it('answers the same after the same calls, whether address and user name are taken or not', async () => {
    await register(person('kurt'));
    await verify(await mailedToken());
    const attempt = async (body: ReturnType<typeof newPerson>) => {
      // The earlier attempts have expired.
      later(2 * hour);
      takeCalls();
      const answer = await register(body);
      return { shown: shown(answer), calls: takeCalls() };
    };
    const unknown = await attempt(person('nobody-yet'));
    const taken = await attempt(person('kurt'));
    const takenName = await attempt({ ...person('kurt'), email: addressOf('another') });
    expect(taken).toEqual(unknown);
    expect(takenName).toEqual(unknown);
  });

  it('mails the owner of a taken address a message without a link', async () => {
    await mails();
    await register(person('lena'));
    await verify(await mailedToken());
    await register({ ...person('lena'), password: newPassword, passwordConfirm: newPassword });
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail?.to).toBe(addressOf('lena'));
    expect(mail?.text).toContain('already has an account');
    expect(mail?.text).not.toContain('http');
  });

  it('gives a user name to the first to verify and lets the other choose another', async () => {
    await mails();
    await register({ ...person('max'), email: addressOf('max-one') });
    const first = await mailedToken();
    await register({ ...person('max'), email: addressOf('max-two') });
    const two = await mailedToken();
    expect((await verify(two)).body.user.username).toBe('max');
    expect((await verify(first)).body.code).toBe('USERNAME_TAKEN');
    expect((await verify(first, { username: 'max.one' })).body.user.username).toBe('max.one');
  });

  it('keeps registrations of one address apart: each has its own link and password', async () => {
    await mails();
    await register(person('nina'));
    const owners = await mailedToken();
    await register({
      ...person('evil-nina'),
      email: addressOf('nina'),
      password: newPassword,
      passwordConfirm: newPassword,
    });
    const strangers = await mailedToken();
    expect((await verify(strangers)).status).toBe(401);
    expect((await verify(owners)).body.user.username).toBe('nina');
    expect((await verify(strangers, { password: newPassword })).body.code).toBe('INVALID_TOKEN');
  });

  it('mails the newest registration’s link again', async () => {
    await mails();
    await register(person('otto'));
    await mails();
    later(25 * hour);
    expect((await resend('otto', 'strict')).status).toBe(202);
    expect((await verify(await mailedToken())).status).toBe(200);
  });

  it('limits registrations with one address, whether it has an account or not', async () => {
    for (const name of ['paul', 'kurt']) {
      const statuses = [];
      later(2 * hour);
      for (let count = 0; count < 6; count += 1) statuses.push((await register(person(name))).status);
      expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    }
    await mails();
  });

  it('lets an owner register and request another mail after a stranger has used up the mails of one network', async () => {
    later(2 * hour);
    const owner = { sourceIp: '198.51.100.7' };
    for (let count = 0; count < 6; count += 1) await register(person('olga'));
    expect((await register(person('olga'))).status).toBe(429);
    expect((await resend('olga', 'strict')).status).toBe(429);
    expect((await system.call('register', { body: person('olga'), ...owner })).status).toBe(202);
    const body = { tenant: 'strict', email: addressOf('olga') };
    expect((await system.call('resendVerification', { body, ...owner })).status).toBe(202);
    await mails();
  });

  it('sends at most fifteen mails to one address, however many networks request them', async () => {
    later(2 * hour);
    const body = { tenant: 'strict', email: addressOf('nils') };
    const statuses = [];
    for (let network = 1; network <= 16; network += 1) {
      statuses.push((await system.call('resendVerification', { body, sourceIp: `192.0.2.${network}` })).status);
    }
    expect(statuses).toEqual([...Array<number>(15).fill(202), 429]);
  });

  it('can be given a reset link when registrations have used up its verification mails', async () => {
    later(2 * hour);
    for (let count = 0; count < 5; count += 1) await register(person('paul'));
    expect((await register(person('paul'))).status).toBe(429);
    const body = { tenant: 'strict', email: addressOf('paul') };
    expect((await system.call('forgotPassword', { body })).status).toBe(202);
    await mails();
  });

  it.each([
    ['closed', { status: 401, body: { code: 'INVALID_TOKEN' } }],
    ['approval', { status: 200, body: { user: { status: 'pending' } } }],
  ] as const)('applies the policy at the time of verification: %s', async (registration, answer) => {
    const tenant = `now-${registration}`;
    await createTenant(system, tenant, { registration: 'open', emailVerification: 'required' });
    await mails();
    expect((await register(newPerson('uma', tenant))).status).toBe(202);
    const token = await mailedToken();
    await system.provision({ command: 'changeSettings', tenant, settings: { registration } });
    const { tenantSettings } = await import('../../../shared/features/tenants/tenant-settings.ts');
    const { findTenantBySlug } = await import('../../../shared/features/tenants/tenant-directory.ts');
    later(31_000);
    await tenantSettings((await findTenantBySlug(tenant))?.scope ?? expect.unreachable());
    expect(await verify(token)).toMatchObject(answer);
  });

  it('rejects the login of an older unverified account with the right password', async () => {
    await createTenant(system, 'stricter');
    const token = await registered('rosa', { tenant: 'stricter' });
    await system.provision({
      command: 'changeSettings',
      tenant: 'stricter',
      settings: { emailVerification: 'required' },
    });
    const { tenantSettings } = await import('../../../shared/features/tenants/tenant-settings.ts');
    const { findTenantBySlug } = await import('../../../shared/features/tenants/tenant-directory.ts');
    later(31_000);
    await tenantSettings((await findTenantBySlug('stricter'))?.scope ?? expect.unreachable());
    expect((await login(system, 'rosa', { tenant: 'stricter' })).body.code).toBe('EMAIL_NOT_VERIFIED');
    expect((await login(system, 'rosa', { tenant: 'stricter', password: 'x' })).body.code).toBe('INVALID_CREDENTIALS');
    expect((await verify(token)).status).toBe(200);
    expect((await login(system, 'rosa', { tenant: 'stricter' })).status).toBe(200);
  });
});

describe('an address that SES rejects', () => {
  it('completes the event instead of retrying it', async () => {
    await mails();
    for (const [index, name] of ['.dot', 'dot.', 'two..dots'].entries()) {
      const body = { ...newPerson(`dotted${index}`, 'strict'), email: addressOf(name) };
      expect((await register(body)).status).toBe(202);
    }
    expect(await mails()).toEqual([]);
  });
});

describe('a new password', () => {
  it('is announced to the verified address without a link after a change or reset', async () => {
    await verify(await registered('sven'));
    const { accessToken } = sessionOf(await login(system, 'sven'));
    await mails();
    const body = { currentPassword: password, newPassword };
    expect((await system.call('changePassword', { token: accessToken, body })).status).toBe(200);
    const [changed, ...others] = await mails();
    expect(others).toEqual([]);
    expect([changed?.to, changed?.text]).toEqual([addressOf('sven'), expect.stringContaining('was changed')]);
    expect(changed?.text).not.toContain('http');

    await forget('sven');
    const token = await mailedToken('reset-password');
    expect((await system.call('resetPassword', { body: { token, newPassword: 'Meadow-brick-51' } })).status).toBe(204);
    const [reset] = await mails();
    expect([reset?.to, reset?.text]).toEqual([addressOf('sven'), expect.stringContaining('was changed')]);
  });
});
