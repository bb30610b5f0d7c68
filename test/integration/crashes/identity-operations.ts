import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { passwordResetRequestedEvent } from '../../../shared/contract/events/events.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { type HttpAnswer, RawSocket, type SignedIn } from '../raw-client.ts';
import { cheapHash } from '../system/cheap-hash.ts';
import { password, type Person } from '../system/world.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { eventually, persist } from './persistence.ts';
import { isFresh } from './fresh-sessions.ts';
import type { CrashOperation } from './sweep.ts';

/** Operations on accounts and sessions. */

let names = 0;

export function register(world: CrashWorld): CrashOperation<{ readonly email: string; readonly body: object }> {
  return {
    name: 'register',
    functions: ['auth'],
    prepare: async () => {
      names += 1;
      const email = `newcomer${names}@people.test`;
      const person = { firstName: 'New', lastName: 'Comer', username: `newcomer${names}` };
      const body = { tenant: world.slug, email, ...person, password, passwordConfirm: password };
      return { email, body };
    },
    attempt: async ({ body }) => {
      const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/register', body));
      // Whoever lost the answer is told that the account is there, and logs in.
      expect(['undefined', 'EMAIL_TAKEN'], answer.text).toContain(String(answer.body.code));
    },
    check: async ({ email }, point) => {
      if (point?.call.includes('TransactWriteItems') !== true) return;
      const login = await ask(world, undefined, 'POST', '/api/v1/auth/login', { tenant: world.slug, email, password });
      expect(login.status, login.text).toBe(200);
    },
  };
}

/** @param sessions gets what every login gave, for operations that end one. */
export function logIn(world: CrashWorld, person: Person, sessions: SignedIn[]): CrashOperation<undefined> {
  return {
    name: 'log in',
    functions: ['auth'],
    prepare: async () => undefined,
    attempt: async () => {
      const body = { tenant: world.slug, email: person.email, password };
      const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', body));
      expect(answer.status, answer.text).toBe(200);
      const { accessToken: token, refreshToken } = answer.body;
      sessions.push({ token, refreshToken, userId: person.userId, tenantId: person.tenantId });
    },
  };
}

export function refresh(world: CrashWorld): CrashOperation<undefined> {
  let { refreshToken } = world.alice;
  return {
    name: 'refresh',
    functions: ['auth'],
    prepare: async () => undefined,
    attempt: async () => {
      const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken }));
      expect(answer.status, answer.text).toBe(200);
      // The next one takes this: a session that was ended by mistake shows there.
      refreshToken = answer.body.refreshToken;
      const me = await ask(world, { ...world.alice, token: answer.body.accessToken }, 'GET', '/api/v1/users/me');
      expect(me.status, me.text).toBe(200);
    },
  };
}

/** @param sessions are used up, one at a time. */
export function logOut(world: CrashWorld, sessions: SignedIn[]): CrashOperation<SignedIn> {
  return {
    name: 'log out',
    functions: ['auth'],
    prepare: () => taken(world, sessions),
    attempt: async ({ refreshToken }) => {
      const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/logout', { refreshToken }));
      expect(answer.status, answer.text).toBe(204);
    },
    check: async (session) => {
      const { refreshToken } = session;
      const [me, refreshed] = await Promise.all([
        ask(world, session, 'GET', '/api/v1/users/me'),
        ask(world, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken }),
      ]);
      expect([me.status, refreshed.status]).toEqual([401, 401]);
    },
  };
}

/** The next of the sessions that will do; where few points are tried, few were made, and there is a new one. */
export async function taken(world: CrashWorld, sessions: SignedIn[]): Promise<SignedIn> {
  for (let session = sessions.shift(); session !== undefined; session = sessions.shift()) {
    if (isFresh(session)) return session;
  }
  const body = { tenant: world.slug, email: world.visitor.email, password };
  const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', body));
  expect(answer.status, answer.text).toBe(200);
  const { accessToken: token, refreshToken } = answer.body;
  return { ...world.visitor, token, refreshToken };
}

/** @param person whose session is the first of `sessions`; its tokens change with each password. */
export function changePassword(world: CrashWorld, person: Person): CrashOperation<{ readonly revision: number }> {
  const { pk, sk } = keys.userCredentials(person.userId);
  let session: SignedIn = person;
  let number = 0;
  const current = () => `Harbour-lamp-${number}!`;
  const revisionOf = async () => Number((await world.tables.get(world.prefix + pk, sk))?.['revision']);
  return {
    name: 'change the password',
    functions: ['auth'],
    prepare: async () => {
      await world.tables.set(world.prefix + pk, sk, 'passwordHash', cheapHash(current()));
      return { revision: await revisionOf() };
    },
    attempt: async () => {
      const body = { currentPassword: current(), newPassword: `Harbour-lamp-${number + 1}!` };
      const answer = await patiently(world, () => ask(world, session, 'POST', '/api/v1/auth/change-password', body));
      number += 1;
      if (answer.status === 200) {
        session = { ...session, token: answer.body.accessToken, refreshToken: answer.body.refreshToken };
        return;
      }
      // It was done: the password has changed, and the session of the request has ended, which API Gateway's cache of
      // the authorizer's answer may hide for 5 seconds.
      expect(['UNAUTHENTICATED', 'INVALID_CREDENTIALS'], answer.text).toContain(answer.body.code);
      const credentials = { tenant: world.slug, email: person.email, password: current() };
      const login = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', credentials));
      expect(login.status, login.text).toBe(200);
      session = { ...session, token: login.body.accessToken, refreshToken: login.body.refreshToken };
    },
    check: async ({ revision }) => {
      expect(await revisionOf()).toBe(revision + 1);
      const me = await ask(world, session, 'GET', '/api/v1/users/me');
      expect(me.status, me.text).toBe(200);
    },
  };
}

/** The links are made in the table, as the function that mails them makes them: how it does is swept by itself. */
export function resetPassword(world: CrashWorld, person: Person) {
  const credentials = keys.userCredentials(person.userId);
  const stored = () => world.tables.get(world.prefix + credentials.pk, credentials.sk);
  let number = 0;
  return {
    name: 'reset the password',
    functions: ['auth'],
    prepare: async () => {
      const token = person.tenantId + randomBytes(32).toString('base64url');
      const { pk, sk } = keys.passwordReset(createHash('sha256').update(token).digest('base64url'));
      const revision = Number((await stored())?.['revision']);
      const { userId } = person;
      const link = { userId, credentialsRevision: revision, goodUntil: Date.now() + 600_000 };
      await world.tables.put({ pk: world.prefix + pk, sk, ...link, expiresAt: Math.ceil(Date.now() / 1000) + 3600 });
      number += 1;
      return { token, revision, newPassword: `Meadow-bridge-${number}!` };
    },
    attempt: async ({ token, newPassword }) => {
      const body = { token, newPassword };
      const answer = await persist(() => ask(world, undefined, 'POST', '/api/v1/auth/reset-password', body));
      // The second: it was done, and the link works once.
      expect(['undefined', 'INVALID_TOKEN'], answer.text).toContain(String(answer.body?.code));
    },
    check: async ({ revision, newPassword }, point) => {
      expect((await stored())?.['revision']).toBe(revision + 1);
      if (point?.call.includes('TransactWriteItems') !== true) return;
      const body = { tenant: world.slug, email: person.email, password: newPassword };
      const login = await ask(world, undefined, 'POST', '/api/v1/auth/login', body);
      expect(login.status, login.text).toBe(200);
    },
  } satisfies CrashOperation<{ readonly token: string; readonly revision: number; readonly newPassword: string }>;
}

export function forgetPassword(world: CrashWorld): CrashOperation<number> {
  const requests = () =>
    world.test.run.recorder
      .sinks('event')
      .map((event) => event['detail'] as { readonly type: string; readonly data: { readonly userId?: string } })
      .filter(({ type, data }) => type === passwordResetRequestedEvent.type && data.userId === world.visitor.userId);
  return {
    name: 'ask for a new password',
    functions: ['auth'],
    prepare: async () => requests().length,
    attempt: async () => {
      const body = { tenant: world.slug, email: world.visitor.email };
      const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/forgot-password', body));
      expect(answer.status, answer.text).toBe(202);
    },
    check: (before) => eventually('the request is published', () => requests().length > before),
  };
}

export function suspend(world: CrashWorld): CrashOperation<undefined> {
  return {
    name: 'suspend an account',
    functions: ['admin'],
    prepare: async () => undefined,
    attempt: () => changeStatus(world, 'suspend', 'suspended'),
    check: () => changeStatus(world, 'reactivate', 'active'),
  };
}

export function approve(world: CrashWorld): CrashOperation<undefined> {
  const { userId } = world.target;
  const set = (key: { readonly pk: string; readonly sk: string }, attribute: string, value: string) =>
    world.tables.set(world.prefix + key.pk, key.sk, attribute, value);
  return {
    name: 'approve an account',
    functions: ['admin'],
    prepare: async () => {
      await set(keys.userAccess(userId), 'status', 'pending');
      await set(keys.user(userId), 'status', 'pending');
      await set(keys.user(userId), 'collectionPk', `${world.prefix}USERS#pending`);
    },
    attempt: () => changeStatus(world, 'approve', 'active'),
  };
}

async function changeStatus(world: CrashWorld, transition: string, status: string): Promise<void> {
  const path = `/api/v1/admin/users/${world.target.userId}/${transition}`;
  const answer = await persist(() => ask(world, world.admin, 'POST', path));
  expect(answer, answer.text).toMatchObject({ status: 200, body: { status } });
}

export function rename(world: CrashWorld): CrashOperation<string> {
  return {
    name: 'change the user name',
    functions: ['users'],
    prepare: async () => {
      names += 1;
      return `renamed${names}`;
    },
    attempt: async (username) => {
      const answer = await persist(() => ask(world, world.bob, 'PATCH', '/api/v1/users/me', { username }));
      expect(answer, answer.text).toMatchObject({ status: 200, body: { username } });
    },
    check: async (username) => {
      const found = await ask(world, world.alice, 'GET', `/api/v1/users?q=${username}`);
      expect(found.body.items).toMatchObject([{ id: world.bob.userId, username }]);
    },
  };
}

export function createTicket(world: CrashWorld): CrashOperation<undefined> {
  return {
    name: 'get a ticket',
    functions: ['auth'],
    prepare: async () => undefined,
    attempt: async () => {
      const socket = await openWithTicket(world);
      expect(await socket.request('ping', {})).toMatchObject({ type: 'pong' });
      await socket.close();
    },
  };
}

export function connectWithTicket(world: CrashWorld): CrashOperation<undefined> {
  return { ...createTicket(world), name: 'connect', functions: ['authorize-socket', 'socket-connect'] };
}

/** A ticket works once: whoever does not get in asks for another. */
async function openWithTicket(world: CrashWorld): Promise<RawSocket> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await persist(() => ask(world, world.admin, 'POST', '/api/v1/auth/ticket'));
    expect(answer.status, answer.text).toBe(201);
    try {
      return await new RawSocket(`${world.test.run.socketUrl}?ticket=${answer.body.ticket}`).opened();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Like {@link persist}; and who is told to wait, after a hundred attempts in a minute, is let at once. */
export async function patiently({ tables }: CrashWorld, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const answer = await persist(send);
  if (answer.status !== 429) return answer;
  const attempts = (await tables.items()).filter(({ pk }) => pk.includes('ATTEMPTS#'));
  await Promise.all(attempts.map(({ pk, sk }) => tables.delete(pk, sk)));
  return persist(send);
}
