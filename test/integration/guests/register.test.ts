import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { type Answer, type IdentitySystem, startIdentitySystem } from '../identity/identity-system.ts';
import { createTenant, login, newPerson, password, register } from '../identity/people.ts';
import { type GuestSession, guestSessionOf, newDeviceSecret, signInAsGuest } from './guest-devices.ts';
import { tableOf } from './guest-tables.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'careful', { registration: 'approval' });
  await createTenant(system, 'closed', { registration: 'closed' });
  await createTenant(system, 'strict', { emailVerification: 'required' });
});
afterAll(() => system.stop());

interface Visitor extends GuestSession {
  readonly deviceSecret: string;
  readonly tenant: string;
}

async function newVisitor(tenant = 'north'): Promise<Visitor> {
  const deviceSecret = newDeviceSecret();
  return { ...guestSessionOf(await signInAsGuest(system, { tenant, deviceSecret })), deviceSecret, tenant };
}

function becomeUser({ accessToken: token }: Visitor, name: string): Promise<Answer> {
  const { tenant: _, ...body } = newPerson(name);
  return system.call('registerGuest', { token, body });
}

/** Id of the key of the guest's profile. */
async function keyIdOf({ user, tenant }: Visitor): Promise<unknown> {
  return (await (await tableOf(tenant)).item(keys.guestProfile(user.id)))?.['keyId'];
}

const outcomeOf = ({ status, body }: Answer) => ({ status, code: body.code });
const returns = async ({ deviceSecret, tenant }: Visitor) =>
  outcomeOf(await signInAsGuest(system, { tenant, deviceSecret }));
const isAlive = async ({ accessToken: token }: Visitor) =>
  (await system.call('getGuestProfile', { token })).status === 200;

describe('a guest who becomes a user', () => {
  it('keeps the id, logs in with the password, and is no longer a guest', async () => {
    const guest = await newVisitor();
    const keyId = await keyIdOf(guest);
    await system.takeEvents();
    const { status, body } = await becomeUser(guest, 'anna');
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ id: guest.user.id, role: 'member', status: 'active', username: 'anna' });
    const events = await system.takeEvents();
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'guest.ended',
      'user.email-verification-requested',
      'user.registered',
      'user.sessions-ended',
    ]);
    expect(events.find(({ type }) => type === 'guest.ended')?.data).toEqual({ guestId: guest.user.id, keyId });

    const session = await login(system, 'anna');
    expect(session.body.user.id).toBe(guest.user.id);
    const me = await system.call('getMe', { token: session.body.accessToken });
    expect(me.body.id).toBe(guest.user.id);
    expect(await returns(guest)).toEqual({ status: 409, code: 'GUEST_ENDED' });
    expect(await (await tableOf('north')).hasItem(keys.guestProfile(guest.user.id))).toBe(false);
  });

  it('has lost every token of the guest', async () => {
    const guest = await newVisitor();
    await becomeUser(guest, 'bert');
    expect(await isAlive(guest)).toBe(false);
    expect((await system.call('refresh', { body: { refreshToken: guest.refreshToken } })).status).toBe(401);
    expect((await system.call('verifyToken', { body: { token: guest.accessToken } })).status).toBe(401);
    expect(await system.authorizeSocket({}, { token: guest.accessToken })).toMatchObject({ principalId: 'nobody' });
  });

  it('is one user when 5 requests arrive at once', async () => {
    const guest = await newVisitor();
    const names = ['cleo', 'carl', 'cora', 'cyril', 'chris'];
    const answers = await Promise.all(names.map((name) => becomeUser(guest, name)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code);
    expect(new Set(others)).toEqual(new Set(['GUEST_ENDED']));
  });

  it('stays a guest if the address or the name is taken, or the password is easy to guess', async () => {
    await register(system, 'dora');
    const guest = await newVisitor();
    expect(outcomeOf(await becomeUser(guest, 'dora'))).toEqual({ status: 409, code: 'EMAIL_TAKEN' });
    const { tenant: _, ...person } = newPerson('dolly');
    const token = guest.accessToken;
    const named = await system.call('registerGuest', { token, body: { ...person, username: 'dora' } });
    expect(outcomeOf(named)).toEqual({ status: 409, code: 'USERNAME_TAKEN' });
    const weak = { ...person, password: 'North-Dolly-1', passwordConfirm: 'North-Dolly-1' };
    expect(outcomeOf(await system.call('registerGuest', { token, body: weak })).code).toBe('WEAK_PASSWORD');
    expect(await isAlive(guest)).toBe(true);
    expect(await returns(guest)).toEqual({ status: 200, code: undefined });
  });
});

describe('the tenant’s policy', () => {
  it('refuses if registration is closed', async () => {
    const guest = await newVisitor('closed');
    expect(outcomeOf(await becomeUser(guest, 'emil'))).toEqual({ status: 403, code: 'REGISTRATION_CLOSED' });
    expect(await isAlive(guest)).toBe(true);
  });

  it('makes the account wait for an approval', async () => {
    const guest = await newVisitor('careful');
    const { body } = await becomeUser(guest, 'fred');
    expect(body.user).toMatchObject({ id: guest.user.id, status: 'pending' });
    const answer = await system.call('login', { body: { tenant: 'careful', username: 'fred', password } });
    expect(answer.body.code).toBe('ACCOUNT_PENDING');
    expect(await isAlive(guest)).toBe(false);
  });

  it('leaves the guest as it is until a required address is verified, which makes it a user with the same id', async () => {
    const guest = await newVisitor('strict');
    const keyId = await keyIdOf(guest);
    await system.takeEvents();
    expect((await becomeUser(guest, 'gina')).status).toBe(202);
    expect(await isAlive(guest)).toBe(true);
    const token = await mailedToken();
    expect(await returns(guest)).toEqual({ status: 200, code: undefined });

    const verified = await system.call('verifyEmail', { body: { token, password } });
    expect(verified.body.user).toMatchObject({ id: guest.user.id, role: 'member', emailVerified: true });
    const ended = (await system.takeEvents()).filter(({ type }) => type === 'guest.ended');
    expect(ended.map(({ data }) => data)).toEqual([{ guestId: guest.user.id, keyId }]);
    expect(await isAlive(guest)).toBe(false);
    expect(await returns(guest)).toEqual({ status: 409, code: 'GUEST_ENDED' });
  });

  it('does not let a suspended guest escape by verifying an address', async () => {
    const guest = await newVisitor('strict');
    await system.takeEvents();
    await becomeUser(guest, 'hugo');
    const token = await mailedToken();
    await (await tableOf('strict')).setAccess(guest.user.id, 'status', 'suspended');
    const verified = await system.call('verifyEmail', { body: { token, password } });
    expect(verified.status).toBe(401);
    expect(await returns(guest)).toEqual({ status: 403, code: 'ACCOUNT_SUSPENDED' });
  });
});

async function mailedToken(): Promise<string> {
  const events = await system.takeEvents();
  for (const event of events.filter(({ type }) => type === 'user.email-verification-requested'))
    await system.deliverMail(event);
  const mail = system.mails.at(-1);
  const token = /#token=(\S+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error('No mail with a link arrived');
  return token;
}
