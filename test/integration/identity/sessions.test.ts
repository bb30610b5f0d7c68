import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFaultyEngine } from '../log/faulty-engine.ts';
import { frozenClock } from './frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { byType, createTenant, login, newSession, newSessionAs, password, sessionOf } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
});
afterAll(() => system.stop());
const later = frozenClock();

const minute = 60_000;
const day = 24 * 60 * minute;
const refresh = (refreshToken: string) => system.call('refresh', { body: { refreshToken } });
const getMe = async (token: string) => (await system.call('getMe', { token })).status;

describe('a refresh', () => {
  it('returns new tokens and invalidates the old refresh token', async () => {
    const first = await newSession(system, 'anna');
    const second = sessionOf(await refresh(first.refreshToken));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await getMe(second.accessToken)).toBe(200);
    const third = sessionOf(await refresh(second.refreshToken));
    expect(third.user).toEqual(first.user);
    // Valid until it expires after 15 minutes.
    expect(await getMe(first.accessToken)).toBe(200);
    later(15 * minute);
    expect(await getMe(first.accessToken)).toBe(401);
  });

  it('returns the same successor a thousand times, fifty at once', async () => {
    const { refreshToken } = await newSession(system, 'bert');
    const answers: Awaited<ReturnType<typeof refresh>>[] = [];
    // One process on a busy machine cannot make more calls in the time that a call may take.
    while (answers.length < 1000) {
      answers.push(...(await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)))));
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => sessionOf(answer).refreshToken)).size).toBe(1);
  });

  it('repeats the successor within ten seconds, in case the answer was lost', async () => {
    const { refreshToken } = await newSession(system, 'carl');
    const successor = sessionOf(await refresh(refreshToken));
    later(10_000);
    expect(sessionOf(await refresh(refreshToken)).refreshToken).toBe(successor.refreshToken);
  });

  it('returns the stored successor when the answer to the table’s write was lost', async () => {
    const { refreshToken } = await newSession(system, 'cora');
    const { hostname: host, port } = new URL(system.tableUrl);
    let updates = 0;
    const faulty = await startFaultyEngine({ host, port: Number(port) }, (operation) => {
      if (operation === 'UpdateItem') updates += 1;
      return operation === 'UpdateItem' && updates === 1 ? 'lose-reply' : 'none';
    });
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', faulty.url);
    const first = sessionOf(await refresh(refreshToken));
    vi.unstubAllEnvs();
    await faulty.stop();
    expect(faulty.faults['lose-reply']).toBe(1);
    expect(sessionOf(await refresh(refreshToken)).refreshToken).toBe(first.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(200);
  });

  it('ends the session for thief and owner when an exchanged token is used after the grace period', async () => {
    const stolen = await newSession(system, 'dora');
    const otherSession = sessionOf(await login(system, 'dora'));
    const owners = sessionOf(await refresh(stolen.refreshToken));
    await system.takeEvents();
    later(10_001);
    expect((await refresh(stolen.refreshToken)).body.code).toBe('INVALID_TOKEN');
    expect((await refresh(owners.refreshToken)).status).toBe(401);
    expect(await getMe(owners.accessToken)).toBe(401);
    expect(await getMe(stolen.accessToken)).toBe(401);
    const [event, ...others] = await system.takeEvents();
    expect(event).toMatchObject({ type: 'user.sessions-ended', data: { userId: stolen.user.id } });
    expect(event?.data['sessionIds']).toHaveLength(1);
    expect(others).toEqual([]);
    // The tokens of other sessions were not stolen.
    expect(await getMe(otherSession.accessToken)).toBe(200);
  });

  it('rejects forged tokens and keeps the named session', async () => {
    const victim = await newSession(system, 'emil');
    const forged = `${victim.refreshToken.slice(0, 78)}${'A'.repeat(86)}`;
    for (const token of [forged, `${victim.refreshToken}x`, 'nonsense']) {
      expect((await refresh(token)).status).toBe(401);
    }
    expect((await refresh(victim.refreshToken)).status).toBe(200);
  });

  it('fails after thirty days without use and after ninety days altogether', async () => {
    const unused = await newSession(system, 'frida');
    later(30 * day);
    expect((await refresh(unused.refreshToken)).status).toBe(401);

    let { refreshToken } = sessionOf(await login(system, 'frida'));
    for (let days = 0; days < 75; days += 15) {
      later(15 * day);
      refreshToken = sessionOf(await refresh(refreshToken)).refreshToken;
    }
    later(15 * day);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('distinguishes access tokens and refresh tokens', async () => {
    const { accessToken, refreshToken } = await newSession(system, 'gerd');
    // An access token is too long for this field.
    expect((await refresh(accessToken)).status).toBe(422);
    expect(await getMe(refreshToken)).toBe(401);
    expect((await system.call('verifyToken', { body: { token: refreshToken } })).body.code).toBe('INVALID_TOKEN');
  });
});

describe('a logout', () => {
  it('ends the session and its access token at once and publishes an event', async () => {
    const session = await newSession(system, 'hans');
    const otherSession = sessionOf(await login(system, 'hans'));
    await system.takeEvents();
    const logout = () => system.call('logout', { body: { refreshToken: session.refreshToken } });
    expect((await logout()).status).toBe(204);
    expect(await getMe(session.accessToken)).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
    expect(await getMe(otherSession.accessToken)).toBe(200);
    expect(await system.takeEvents()).toMatchObject([{ type: 'user.sessions-ended' }]);
    expect((await logout()).status).toBe(204);
    expect(await system.takeEvents()).toEqual([]);
  });

  it('succeeds with an unknown token', async () => {
    expect((await system.call('logout', { body: { refreshToken: 'unknown' } })).status).toBe(204);
  });

  it('is recorded until the last access token has expired', async () => {
    const { keys } = await import('../../../shared/core/table/keys.ts');
    const { tenantTable } = await import('../../../shared/core/table/scoped-table.ts');
    const { findTenantBySlug } = await import('../../../shared/features/tenants/tenant-directory.ts');
    const { user } = await newSession(system, 'ida');
    const table = tenantTable((await findTenantBySlug('north'))?.scope ?? expect.unreachable());
    const remembered = async () => {
      const access = await table.get<{ endedSessions: object }>(keys.userAccess(user.id), { consistent: true });
      return Object.keys(access?.endedSessions ?? {}).length;
    };
    const logInAndOut = async () => {
      const { refreshToken } = sessionOf(await login(system, 'ida'));
      await system.call('logout', { body: { refreshToken } });
    };
    await logInAndOut();
    await logInAndOut();
    expect(await remembered()).toBe(2);
    later(20 * minute);
    await logInAndOut();
    expect(await remembered()).toBe(1);
  });
});

describe('a change of the password', () => {
  const change = (token: string, body: object) => system.call('changePassword', { token, body });
  const newPassword = 'Lantern-quay-38';

  it('ends all sessions and answers with the tokens of a new one', async () => {
    const own = await newSession(system, 'jakob');
    const otherSession = sessionOf(await login(system, 'jakob'));
    await system.takeEvents();
    const answer = await change(own.accessToken, { currentPassword: password, newPassword });
    const renewed = sessionOf(answer);

    expect(await getMe(otherSession.accessToken)).toBe(401);
    expect((await refresh(otherSession.refreshToken)).status).toBe(401);
    expect(await getMe(own.accessToken)).toBe(401);
    expect(await getMe(renewed.accessToken)).toBe(200);
    expect(sessionOf(await refresh(renewed.refreshToken)).user).toEqual(own.user);
    expect((await login(system, 'jakob')).status).toBe(401);
    expect((await login(system, 'jakob', { password: newPassword })).status).toBe(200);
    expect(byType(await system.takeEvents())).toMatchObject([
      { type: 'user.password-changed', data: { userId: own.user.id } },
      { type: 'user.sessions-ended', data: { userId: own.user.id, sessionIds: 'all' } },
    ]);
  });

  it('invalidates the old refresh token without a grace period and without ending the new session', async () => {
    const own = await newSession(system, 'jonas');
    const before = sessionOf(await refresh(own.refreshToken));
    const renewed = sessionOf(await change(before.accessToken, { currentPassword: password, newPassword }));
    for (const old of [own.refreshToken, before.refreshToken]) expect((await refresh(old)).status).toBe(401);
    later(20_000);
    for (const old of [own.refreshToken, before.refreshToken]) expect((await refresh(old)).status).toBe(401);
    expect(await getMe(renewed.accessToken)).toBe(200);
    expect((await refresh(renewed.refreshToken)).status).toBe(200);
  });

  it('requires the current password and a strong new one, and limits guesses', async () => {
    const { accessToken } = await newSession(system, 'klara');
    const weak = await change(accessToken, { currentPassword: password, newPassword: 'Password-1!' });
    expect(weak.body).toMatchObject({ code: 'WEAK_PASSWORD', errors: [{ pointer: '/body/newPassword' }] });
    const wrong = await change(accessToken, { currentPassword: 'wrong', newPassword });
    expect(wrong.body.code).toBe('INVALID_CREDENTIALS');
    const answers = [];
    for (let guess = 0; guess < 16; guess += 1) {
      answers.push((await change(accessToken, { currentPassword: 'wrong', newPassword })).status);
    }
    expect(answers.at(-1)).toBe(429);
    expect((await login(system, 'klara')).status).toBe(200);
  });

  it('succeeds once when two run at the same time', async () => {
    const { accessToken } = await newSession(system, 'lars');
    const answers = await Promise.all(
      ['Lantern-quay-38', 'Meadow-brick-51'].map((newPassword) =>
        change(accessToken, { currentPassword: password, newPassword }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

describe('a session of staff', () => {
  it('ends after seven days without use', async () => {
    const { refreshToken } = await newSessionAs(system, 'staff', 'tina', 'platform');
    later(7 * day);
    expect((await refresh(refreshToken)).status).toBe(401);
  });
});
