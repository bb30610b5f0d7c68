import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusEnvelope } from '../../../shared/contract/events/envelope.ts';
import { frozenClock } from './frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { byType, createTenant, login, newSession, sessionOf } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
});
afterAll(() => system.stop());
const later = frozenClock();

const newPassword = 'Lantern-quay-38';
const reset = (token: string, wanted = newPassword) =>
  system.call('resetPassword', { body: { token, newPassword: wanted } });

async function forget(name: string, tenant = 'north'): Promise<BusEnvelope> {
  await system.takeEvents();
  const answer = await system.call('forgotPassword', { body: { tenant, email: `${name}@people.example` } });
  expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }]);
  const [event, ...others] = await system.takeEvents();
  expect(others).toEqual([]);
  return event ?? expect.unreachable();
}

async function mailedToken(event: BusEnvelope): Promise<string> {
  const before = system.mails.length;
  await system.deliverMail(event);
  expect(system.mails).toHaveLength(before + 1);
  const mail = system.mails.at(-1);
  return /https:\/\/chat\.example\/reset-password#token=(\S+)/.exec(mail?.text ?? '')?.[1] ?? expect.unreachable();
}

describe('a password reset', () => {
  it('sets a new password with the mailed link and ends all sessions', async () => {
    const { accessToken, refreshToken, user } = await newSession(system, 'anna');
    const event = await forget('anna');
    expect(event).toMatchObject({ type: 'user.password-reset-requested', data: { userId: user.id } });
    const token = await mailedToken(event);
    expect(system.mails.at(-1)?.to).toBe('anna@people.example');

    expect((await reset(token)).status).toBe(204);
    expect((await login(system, 'anna', { password: newPassword })).status).toBe(200);
    expect((await login(system, 'anna')).status).toBe(401);
    expect((await system.call('getMe', { token: accessToken })).status).toBe(401);
    expect((await system.call('refresh', { body: { refreshToken } })).status).toBe(401);
    expect(byType(await system.takeEvents())).toMatchObject([
      { type: 'user.password-changed', data: { userId: user.id } },
      { type: 'user.sessions-ended', data: { sessionIds: 'all' } },
    ]);
  });

  it('accepts its link once, even when ten attempts use it at the same time', async () => {
    await newSession(system, 'bert');
    const event = await forget('bert');
    const token = await mailedToken(event);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => reset(token, `Lantern-quay-3${index}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(9).fill(401)]);
    // The used link stays invalid.
    await system.deliverMail(event);
    expect((await reset(token)).body.code).toBe('INVALID_TOKEN');
  });

  it('accepts its link for thirty minutes', async () => {
    await newSession(system, 'carl');
    const token = await mailedToken(await forget('carl'));
    later(30 * 60_000);
    expect((await reset(token)).status).toBe(401);
  });

  it('rejects its link after a change of the password', async () => {
    const { accessToken } = await newSession(system, 'dora');
    const token = await mailedToken(await forget('dora'));
    const body = { currentPassword: 'Harbour-lamp-72', newPassword: 'Meadow-brick-51' };
    sessionOf(await system.call('changePassword', { token: accessToken, body }));
    expect((await reset(token)).status).toBe(401);
  });

  it('rejects a weak password and still accepts the link', async () => {
    await newSession(system, 'emil');
    const token = await mailedToken(await forget('emil'));
    expect((await reset(token, 'Password-1!')).body.code).toBe('WEAK_PASSWORD');
    expect((await reset(token)).status).toBe(204);
  });

  it('sends one mail for an event that comes several times', async () => {
    await newSession(system, 'frida');
    const event = await forget('frida');
    await mailedToken(event);
    const sent = system.mails.length;
    await Promise.all([system.deliverMail(event), system.deliverMail(event)]);
    later(5 * 60 * 60_000);
    await system.deliverMail(event);
    expect(system.mails).toHaveLength(sent);
  });

  it('sends the same link again when the first mail’s success was not recorded', async () => {
    await newSession(system, 'gerd');
    const event = await forget('gerd');
    const first = await mailedToken(event);
    const { keys } = await import('../../../shared/core/table/keys.ts');
    const { tenantTable } = await import('../../../shared/core/table/scoped-table.ts');
    const { TenantScope } = await import('../../../shared/core/tenancy/tenant-scope.ts');
    await tenantTable(TenantScope.fromEnvelope(event)).delete(keys.handledEvent('send-mail', event.id));
    expect(await mailedToken(event)).toBe(first);
    expect((await reset(first)).status).toBe(204);
  });

  it('sends no mail for an unknown user or tenant, with the same answer', async () => {
    for (const [name, tenant] of [
      ['nobody', 'north'],
      ['nobody', 'no-such-tenant'],
    ] as const) {
      const event = await forget(name, tenant);
      expect(event.data).toEqual({});
      const sent = system.mails.length;
      await system.deliverMail(event);
      expect(system.mails).toHaveLength(sent);
    }
  });

  it('can be requested five times and then every twelve minutes, for known and unknown addresses', async () => {
    await newSession(system, 'hanna');
    for (const name of ['hanna', 'nobody-at-all']) {
      const ask = () => system.call('forgotPassword', { body: { tenant: 'north', email: `${name}@people.example` } });
      const statuses = [];
      for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await ask()).status);
      expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
      later(12 * 60_000);
      expect((await ask()).status).toBe(202);
    }
  });

  it('rejects tokens that were never issued', async () => {
    for (const token of [
      'x',
      'A'.repeat(43),
      'A'.repeat(69),
      `${'0'.repeat(26)}${'A'.repeat(43)}`,
      `${'A'.repeat(68)}#`,
    ])
      expect((await reset(token)).status).toBe(401);
  });
});
