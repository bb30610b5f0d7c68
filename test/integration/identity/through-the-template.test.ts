import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { call, RawSocket } from '../raw-client.ts';
import { newPerson, password } from './people.ts';

let test: TestRun;
const tenant = () => test.slugOf('north');

beforeAll(async () => {
  test = await sharedTestRun();
  const made = await test.provision({
    command: 'createTenant',
    slug: tenant(),
    settings: { registration: 'approval' },
  });
  if (!made.ok) throw new Error(made.problem.detail);
  const { email, username, firstName, lastName } = newPerson('boss');
  await test.provision({ command: 'createAdmin', tenant: tenant(), email, username, firstName, lastName, password });
});
afterAll(() => test.stop());

const post = (path: string, body: object, token?: string) => call(test.url, 'POST', `/api/v1${path}`, { body, token });
const get = (path: string, token?: string) => call(test.url, 'GET', path, { token });
const login = async (username: string) => {
  const answer = await post('/auth/login', { tenant: tenant(), username, password });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as { accessToken: string; refreshToken: string; user: { id: string } };
};

async function newMember(name: string) {
  const registered = await post('/auth/register', newPerson(name, tenant()));
  expect(registered.status, registered.text).toBe(201);
  const { id } = (registered.body as { user: { id: string } }).user;
  const boss = await login('boss');
  const approved = await post(`/admin/users/${id}/approve`, {}, boss.accessToken);
  expect(approved.status, approved.text).toBe(200);
  return login(name);
}

const socketOf = (query: string, protocols: readonly string[] = []) =>
  new RawSocket(`${test.run.socketUrl}${query}`, protocols).opened();

describe('the template', () => {
  it('lets a person register, be approved, log in, change the profile, refresh and log out', async () => {
    const session = await newMember('anna');
    const changed = await call(test.url, 'PATCH', '/api/v1/users/me', {
      token: session.accessToken,
      body: { firstName: 'Anna', username: 'anna.b' },
    });
    expect(changed.status, changed.text).toBe(200);
    const listed = await get('/api/v1/users?limit=2', session.accessToken);
    expect(listed.status, listed.text).toBe(200);
    const refreshed = await post('/auth/refresh', { refreshToken: session.refreshToken });
    expect(refreshed.status, refreshed.text).toBe(200);
    const { accessToken, refreshToken } = refreshed.body as { accessToken: string; refreshToken: string };
    const verified = await post('/auth/verify', { token: accessToken });
    expect(verified.status, verified.text).toBe(200);
    expect((await post('/auth/logout', { refreshToken })).status).toBe(204);
    const over = await get('/api/v1/users/me', accessToken);
    expect([over.status, (over.body as { code: string }).code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('lets an administrator list, reject, suspend and reactivate accounts', async () => {
    const { accessToken } = await login('boss');
    const { id } = (await newMember('bert')).user;
    expect((await post(`/admin/users/${id}/suspend`, {}, accessToken)).status).toBe(200);
    expect((await post(`/admin/users/${id}/reactivate`, {}, accessToken)).status).toBe(200);
    const registered = await post('/auth/register', newPerson('carl', tenant()));
    const rejected = (registered.body as { user: { id: string } }).user.id;
    expect((await post(`/admin/users/${rejected}/reject`, {}, accessToken)).status).toBe(200);
    const listed = await get('/api/v1/admin/users?status=rejected', accessToken);
    expect((listed.body as { items: { id: string }[] }).items.map((user) => user.id)).toContain(rejected);
  });

  it('opens sockets in three ways and closes them when their session ends', async () => {
    const session = await newMember('dora');
    const { ticket } = (await post('/auth/ticket', {}, session.accessToken)).body as { ticket: string };
    const sockets = await Promise.all([
      socketOf('', ['switchboard', `bearer.${session.accessToken}`]),
      socketOf(`?ticket=${ticket}`),
      socketOf(`?token=${session.accessToken}`),
    ]);
    await expect(socketOf(`?ticket=${ticket}`)).rejects.toThrow();
    const closed = Promise.all(sockets.map((socket) => socket.closed()));
    expect((await post('/auth/logout', { refreshToken: session.refreshToken })).status).toBe(204);
    expect(await closed).toHaveLength(3);
    await expect(socketOf(`?token=${session.accessToken}`)).rejects.toThrow();
  });

  it('closes the sockets of all sessions when a password changes, and accepts the new session', async () => {
    const own = await newMember('emil');
    const otherSession = await login('emil');
    const [ownSocket, otherSocket] = await Promise.all([
      socketOf(`?token=${own.accessToken}`),
      socketOf(`?token=${otherSession.accessToken}`),
    ]);
    const closed = Promise.all([ownSocket.closed(), otherSocket.closed()]);
    const body = { currentPassword: password, newPassword: 'Lantern-quay-38' };
    const changed = await post('/auth/change-password', body, own.accessToken);
    expect(changed.status, changed.text).toBe(200);
    await closed;
    const { accessToken } = changed.body as { accessToken: string };
    const next = await socketOf(`?token=${accessToken}`);
    const answer = (await next.request('ping', {})) as { type: string };
    expect(answer.type).toBe('pong');
    next.socket.close();
  });

  it('lets a user reset a forgotten password with the mailed link', async () => {
    await newMember('frida');
    const asked = await post('/auth/forgot-password', { tenant: tenant(), email: 'frida@people.example' });
    expect(asked.status, asked.text).toBe(202);
    await test.run.settled();
    const mail = JSON.stringify(test.run.recorder.sinks('mail').at(-1));
    expect(mail).toContain('frida@people.example');
    const token = /reset-password#token=([A-Za-z0-9_-]+)/.exec(mail)?.[1] ?? expect.unreachable();
    const reset = await post('/auth/reset-password', { token, newPassword: 'Lantern-quay-38' });
    expect(reset.status, reset.text).toBe(204);
    const again = await post('/auth/login', { tenant: tenant(), username: 'frida', password: 'Lantern-quay-38' });
    expect(again.status).toBe(200);
  });

  it('publishes its keys, its metadata and its health', async () => {
    for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/healthz']) {
      const answer = await get(path);
      expect(answer.status, answer.text).toBe(200);
    }
  });
});
