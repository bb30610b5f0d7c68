import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { createTenant, login, newSession, newSessionAs, register } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
  await createTenant(system, 'picky', { registration: 'approval' });
});
afterAll(() => system.stop());

type Ids = readonly { readonly id: string }[];
const idsOf = (body: { items: Ids }) => body.items.map(({ id }) => id);

describe('a user’s profile', () => {
  const update = (token: string, body: object) => system.call('updateMe', { token, body });

  it('changes only the fields of the request', async () => {
    const { accessToken, user } = await newSession(system, 'anna');
    await system.takeEvents();
    const { status, body } = await update(accessToken, { firstName: '  Änne ' });
    expect(status).toBe(200);
    expect(body).toEqual({ ...user, firstName: 'Änne', updatedAt: body.updatedAt });
    expect((await system.call('getMe', { token: accessToken })).body).toEqual(body);
    expect(await system.takeEvents()).toMatchObject([
      { type: 'user.updated', data: { userId: user.id, status: 'active' } },
    ]);
    expect((await update(accessToken, { firstName: 'Änne' })).body).toEqual(body);
    expect(await system.takeEvents()).toEqual([]);
  });

  it('releases the old user name after a change', async () => {
    const { accessToken } = await newSession(system, 'bert');
    expect((await update(accessToken, { username: 'bertram' })).body.username).toBe('bertram');
    expect((await login(system, 'bertram')).status).toBe(200);
    expect((await login(system, 'bert')).status).toBe(401);
    const body = { ...(await import('./people.ts')).newPerson('bert'), email: 'other@people.example' };
    expect((await system.call('register', { body })).status).toBe(201);
    expect((await update(accessToken, { username: 'bert' })).body.code).toBe('USERNAME_TAKEN');
  });

  it('keeps all of several concurrent changes', async () => {
    const { accessToken } = await newSession(system, 'carl');
    const changes = [
      { firstName: 'Karl' },
      { lastName: 'Bauer' },
      { username: 'karl.bauer' },
      { username: 'karl.bauer' },
    ];
    const answers = await Promise.all(changes.map((change) => update(accessToken, change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { body } = await system.call('getMe', { token: accessToken });
    expect(body).toMatchObject({ firstName: 'Karl', lastName: 'Bauer', username: 'karl.bauer' });
  });
});

describe('the directory', () => {
  it('lists the active users of the caller’s tenant in pages, without addresses', async () => {
    await createTenant(system, 'list');
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) ids.push(await register(system, `user${index}`, 'list'));
    const { accessToken, user } = await newSession(system, 'last', 'list');
    await register(system, 'foreigner', 'south');

    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const query: Record<string, string> = { limit: '3', ...(cursor === null ? {} : { cursor }) };
      const { status, body } = await system.call('listUsers', { token: accessToken, query });
      expect(status).toBe(200);
      seen.push(...idsOf(body));
      for (const item of body.items)
        expect(Object.keys(item).sort()).toEqual(['firstName', 'id', 'lastName', 'role', 'username']);
      cursor = body.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(seen).toEqual([...ids, user.id]);
    expect(pages).toBe(3);
  });

  it('finds one user by the exact user name or address', async () => {
    // An account that the operator created counts as verified.
    const { accessToken, user } = await newSessionAs(system, 'member', 'dora');
    const find = async (q: string) =>
      idsOf((await system.call('listUsers', { token: accessToken, query: { q } })).body);
    expect(await find('dora')).toEqual([user.id]);
    expect(await find('Dora@People.example')).toEqual([user.id]);
    expect(await find('dor')).toEqual([]);
    expect(await find('foreigner')).toEqual([]);
  });

  it.each(['x', 'AAAA', Buffer.from('["users",{"after":"T#x"},9999999999999]').toString('base64url')])(
    'rejects the cursor %s',
    async (cursor) => {
      const { accessToken } = await newSessionAs(system, 'member', 'emil');
      const { status, body } = await system.call('listUsers', { token: accessToken, query: { cursor } });
      expect([status, body.code]).toEqual([400, 'INVALID_CURSOR']);
    },
  );
});

describe('an administrator', () => {
  let token: string;
  const act = (operationId: string, userId: string, options: CallOptions = { token }) =>
    system.call(operationId, options, { userId });
  const pending = async (name: string) => register(system, name, 'picky');
  beforeAll(async () => {
    token = (await newSessionAs(system, 'admin', 'boss', 'picky')).accessToken;
  });

  it('lists pending accounts and approves one', async () => {
    const id = await pending('frida');
    const list = async (query: Record<string, string>) =>
      idsOf((await system.call('listAccounts', { token, query })).body);
    expect(await list({ status: 'pending' })).toContain(id);
    await system.takeEvents();
    const { status, body } = await act('approveUser', id);
    expect([status, body.status, body.email]).toEqual([200, 'active', 'frida@people.example']);
    expect(await system.takeEvents()).toMatchObject([{ type: 'user.updated', data: { userId: id, status: 'active' } }]);
    expect(await list({ status: 'pending' })).not.toContain(id);
    expect(await list({ status: 'active' })).toContain(id);
    expect((await login(system, 'frida', { tenant: 'picky' })).status).toBe(200);
    expect((await act('approveUser', id)).status).toBe(200);
  });

  it('rejects an account, which releases its address and user name', async () => {
    const id = await pending('gerd');
    expect((await act('rejectUser', id)).body.status).toBe('rejected');
    expect((await login(system, 'gerd', { tenant: 'picky' })).body.code).toBe('INVALID_CREDENTIALS');
    expect(await pending('gerd')).not.toBe(id);
    expect((await act('approveUser', id)).body).toMatchObject({ status: 409, code: 'ILLEGAL_TRANSITION' });
  });

  it('suspends an account, which ends all its sessions at once, and reactivates it', async () => {
    const id = await pending('hanna');
    await act('approveUser', id);
    const { accessToken, refreshToken } = (await login(system, 'hanna', { tenant: 'picky' })).body as Record<
      string,
      string
    >;
    const getMe = async () => (await system.call('getMe', { token: accessToken ?? '' })).status;
    expect(await getMe()).toBe(200);
    await system.takeEvents();

    expect((await act('suspendUser', id)).body.status).toBe('suspended');
    expect(await getMe()).toBe(401);
    expect((await system.call('refresh', { body: { refreshToken } })).status).toBe(401);
    expect((await login(system, 'hanna', { tenant: 'picky' })).body.code).toBe('ACCOUNT_SUSPENDED');
    expect((await system.takeEvents()).map(({ type }) => type).sort()).toEqual(['user.sessions-ended', 'user.updated']);

    expect((await act('reactivateUser', id)).body.status).toBe('active');
    expect(await getMe()).toBe(401);
    expect((await login(system, 'hanna', { tenant: 'picky' })).status).toBe(200);
  });

  it('lists all accounts in pages, oldest first', async () => {
    const all = await system.call('listAccounts', { token, query: { limit: '100' } });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === null ? {} : { cursor }) };
      const { body } = await system.call('listAccounts', { token, query });
      seen.push(...idsOf(body));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(idsOf(all.body));
    expect(seen).toEqual([...seen].sort());
    expect(new Set(all.body.items.map(({ status }) => status)).size).toBeGreaterThan(1);
  });

  it('can neither see nor change accounts of another tenant', async () => {
    const foreign = await register(system, 'ida', 'south');
    const absent = await act('suspendUser', '01JD0000000000000000000009');
    const answer = await act('suspendUser', foreign);
    expect(answer.status).toBe(404);
    const shown = (body: Record<string, unknown>) => JSON.stringify({ ...body, requestId: '' });
    expect(shown(answer.body)).toBe(shown(absent.body));
    expect((await login(system, 'ida', { tenant: 'south' })).status).toBe(200);
  });

  it('cannot suspend its own account or manage accounts with a lower role', async () => {
    const { body: me } = await system.call('getMe', { token });
    expect((await act('suspendUser', me.id)).body.code).toBe('ILLEGAL_TRANSITION');
    const { accessToken } = await newSessionAs(system, 'agent', 'jens', 'picky');
    expect((await act('suspendUser', me.id, { token: accessToken })).body.code).toBe('FORBIDDEN');
  });

  it('decides on an account once when ten requests approve or reject it at the same time', async () => {
    const id = await pending('klara');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => act(index % 2 === 0 ? 'approveUser' : 'rejectUser', id)),
    );
    const outcomes = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.status as string));
    expect(outcomes.size).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });
});

describe('the platform', () => {
  it('publishes the key that its tokens are signed with', async () => {
    const { accessToken } = await newSession(system, 'lars');
    const { body } = await system.call('getJwks');
    const keySet = createLocalJWKSet(body as unknown as JSONWebKeySet);
    const options = { issuer: 'https://chat.example', audience: 'switchboard', typ: 'at+jwt' };
    expect((await jwtVerify(accessToken, keySet, options)).payload.role).toBe('member');
    const discovery = await system.call('getOpenidConfiguration');
    expect(discovery.body).toMatchObject({
      issuer: 'https://chat.example',
      jwks_uri: 'https://chat.example/.well-known/jwks.json',
    });
  });

  it('reports that it is healthy', async () => {
    const { status, body } = await system.call('getHealth');
    expect([status, body]).toEqual([200, { status: 'ok', checks: { table: 'ok', keys: 'ok' } }]);
  });
});
