import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { byType, createTenant, login, newPerson, newSessionAs, password } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
  await createTenant(system, 'picky', { registration: 'approval' });
  await createTenant(system, 'shut', { registration: 'closed' });
});
afterAll(() => system.stop());

const register = (body: object, sourceIp?: string) =>
  system.call('register', { body, ...(sourceIp === undefined ? {} : { sourceIp }) });

describe('registration', () => {
  it('creates an active account in an open tenant and publishes an event', async () => {
    await system.takeEvents();
    const { status, body } = await register(newPerson('anna'));
    expect(status).toBe(201);
    expect(body.user).toMatchObject({
      email: 'anna@people.example',
      username: 'anna',
      role: 'member',
      status: 'active',
    });
    expect(byType(await system.takeEvents())).toMatchObject([
      { type: 'user.email-verification-requested', data: { userId: body.user.id } },
      { type: 'user.registered', tenantId: body.user.tenantId, data: { userId: body.user.id, status: 'active' } },
    ]);
    expect((await login(system, 'anna')).status).toBe(200);
  });

  it('creates a pending account where approval is required, and reveals this only with the password', async () => {
    const { status, body } = await register(newPerson('bert', 'picky'));
    expect([status, body.user.status]).toEqual([201, 'pending']);
    expect((await login(system, 'bert', { tenant: 'picky' })).body.code).toBe('ACCOUNT_PENDING');
    expect((await login(system, 'bert', { tenant: 'picky', password: 'wrong' })).body.code).toBe('INVALID_CREDENTIALS');
  });

  it('gives the same answer for an unknown, the platform’s and a closed tenant', async () => {
    const answers = await Promise.all(
      ['shut', 'no-such-tenant', 'platform'].map((tenant) => register(newPerson('carl', tenant))),
    );
    const shown = answers.map(({ status, body }) => JSON.stringify({ ...body, status, requestId: '' }));
    expect(new Set(shown).size).toBe(1);
    expect(answers[0]?.body.code).toBe('REGISTRATION_CLOSED');
  });

  it('stays closed for the platform once there are staff', async () => {
    // A missing tenant is cached for 30 seconds.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await newSessionAs(system, 'staff', 'stella', 'platform');
    await system.provision({ command: 'changeSettings', tenant: 'platform', settings: { registration: 'open' } });
    expect((await register(newPerson('mallory', 'platform'))).body.code).toBe('REGISTRATION_CLOSED');
    vi.useRealTimers();
  });

  it('accepts an address and a user name once in each tenant, regardless of case', async () => {
    expect((await register(newPerson('dora'))).status).toBe(201);
    const sameEmail = await register({ ...newPerson('dora2'), email: 'DORA@people.EXAMPLE' });
    expect(sameEmail.body.code).toBe('EMAIL_TAKEN');
    const sameName = await register({ ...newPerson('dora3'), username: 'DORA' });
    expect(sameName.body.code).toBe('USERNAME_TAKEN');
    expect((await register(newPerson('dora', 'south'))).status).toBe(201);
  });

  it('accepts a user name once when twenty people request it at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => register({ ...newPerson(`emil${index}`), username: 'emil' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'USERNAME_TAKEN')).toHaveLength(19);
  });

  it('leaves no items behind when it is rejected', async () => {
    await register(newPerson('fritz'));
    expect((await register({ ...newPerson('fritz'), username: 'fritz2' })).body.code).toBe('EMAIL_TAKEN');
    expect((await register({ ...newPerson('other'), username: 'fritz2' })).status).toBe(201);
  });

  it('rejects weak passwords with a reason', async () => {
    const common = await register({ ...newPerson('gerd'), password: 'Password-1!', passwordConfirm: 'Password-1!' });
    expect(common).toMatchObject({
      status: 422,
      body: { code: 'WEAK_PASSWORD', errors: [{ pointer: '/body/password', code: 'common' }] },
    });
    const personal = 'Gerd-Example-1';
    const own = await register({ ...newPerson('gerd'), password: personal, passwordConfirm: personal });
    expect(own.body.code).toBe('WEAK_PASSWORD');
  });

  it('lists every invalid field', async () => {
    const { status, body } = await register({
      ...newPerson('hans'),
      email: 'nonsense',
      firstName: '',
      password: 'short',
      passwordConfirm: 'short',
      admin: true,
    });
    expect(status).toBe(422);
    const pointers = body.errors.map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/body/email', '/body/firstName', '/body/password', '/body/admin']));
  });

  it('stores addresses and names encrypted', async () => {
    await register(newPerson('ingeborg'));
    const { DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb');
    const { Items: items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: 'identity' }));
    expect(items.length).toBeGreaterThan(10);
    const stored = items
      .map((item) =>
        JSON.stringify(item, (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        ),
      )
      .join('\n');
    expect(stored).not.toMatch(/ingeborg|people\.example/i);
    expect(stored).not.toContain(password);
  });

  it('is limited for each network and rejected before the password is hashed', async () => {
    const answers = [];
    for (let attempt = 0; attempt < 110; attempt += 1) {
      answers.push(
        await register(
          { ...newPerson('anna'), password: 'Password-1!', passwordConfirm: 'Password-1!' },
          '2001:db8::7',
        ),
      );
    }
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(10);
    expect(refused[0]?.body).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryable: true });
    expect(refused[0]?.body.retryAfterMs).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await register(newPerson('jens'), '2001:db8:0:1::7')).status).toBe(201);
  });
});

describe('a provisioned account', () => {
  it('logs in with the provisioned role', async () => {
    const session = await newSessionAs(system, 'admin', 'walter');
    expect(session.user).toMatchObject({ role: 'admin', status: 'active' });
  });
});
