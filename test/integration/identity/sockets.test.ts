import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frozenClock } from './frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { createTenant, newSession, password, sessionOf } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
});
afterAll(() => system.stop());
const later = frozenClock();

const getMe = async (token: string) => (await system.call('getMe', { token })).status;

describe('a handshake', () => {
  const ticketOf = async (token: string) => {
    const { status, body } = await system.call('createTicket', { token });
    expect(status).toBe(201);
    return body.ticket;
  };
  const opened = async (headers: Record<string, string>, query?: Record<string, string>) => {
    const { context, policyDocument } = (await system.authorizeSocket(headers, query)) as {
      context?: Record<string, unknown>;
      policyDocument: { Statement: { Effect: string }[] };
    };
    return policyDocument.Statement[0]?.Effect === 'Allow' ? context : undefined;
  };

  it('accepts a subprotocol, a ticket or a token', async () => {
    const { accessToken, user } = await newSession(system, 'mona');
    const ticket = await ticketOf(accessToken);
    const contexts = [
      await opened({ 'Sec-WebSocket-Protocol': `switchboard, bearer.${accessToken}` }),
      await opened({}, { ticket }),
      await opened({}, { token: accessToken }),
    ];
    expect(contexts.map((context) => context?.['via'])).toEqual(['subprotocol', 'ticket', 'token']);
    const [first, ...others] = contexts.map((context) => ({ ...context, via: '' }));
    expect(first).toMatchObject({ userId: user.id, tenantId: user.tenantId, role: 'member' });
    for (const claims of others) expect(claims).toEqual(first);
    // API Gateway accepts only these types in the context.
    for (const value of Object.values(first ?? {})) expect(typeof value).toMatch(/string|number|boolean/);
  });

  it('accepts a ticket once, even when several attempts use it at the same time', async () => {
    const { accessToken } = await newSession(system, 'nils');
    const ticket = await ticketOf(accessToken);
    const attempts = await Promise.all(Array.from({ length: 100 }, () => opened({}, { ticket })));
    expect(attempts.filter((context) => context !== undefined)).toHaveLength(1);
    expect(await opened({}, { ticket })).toBeUndefined();
  });

  it('accepts a ticket for thirty seconds', async () => {
    const { accessToken } = await newSession(system, 'olga');
    const [early, late] = [await ticketOf(accessToken), await ticketOf(accessToken)];
    later(29_999);
    expect(await opened({}, { ticket: early })).toBeDefined();
    later(1);
    expect(await opened({}, { ticket: late })).toBeUndefined();
  });

  it('rejects a ticket of an ended session', async () => {
    const { accessToken, refreshToken } = await newSession(system, 'paul');
    const ticket = await ticketOf(accessToken);
    await system.call('logout', { body: { refreshToken } });
    expect(await opened({}, { ticket })).toBeUndefined();
  });

  it('rejects a ticket from before a change of the password', async () => {
    const { accessToken } = await newSession(system, 'petra');
    const ticket = await ticketOf(accessToken);
    const body = { currentPassword: password, newPassword: 'Lantern-quay-38' };
    const renewed = sessionOf(await system.call('changePassword', { token: accessToken, body }));
    expect(await opened({}, { ticket })).toBeUndefined();
    expect(await opened({}, { token: accessToken })).toBeUndefined();
    expect(await opened({}, { ticket: await ticketOf(renewed.accessToken) })).toBeDefined();
  });

  it('is rejected without credentials, with a bad token, and with a ticket in place of a token', async () => {
    const { accessToken } = await newSession(system, 'rosa');
    const ticket = await ticketOf(accessToken);
    expect(await opened({})).toBeUndefined();
    expect(await opened({}, { token: 'nonsense' })).toBeUndefined();
    expect(await opened({}, { token: ticket })).toBeUndefined();
    expect(await opened({}, { ticket: accessToken })).toBeUndefined();
    expect(await opened({ 'sec-websocket-protocol': `bearer.${accessToken}` })).toBeUndefined();
    expect(await getMe(ticket)).toBe(401);
  });

  it('accepts only the origins that the tenant allows', async () => {
    await createTenant(system, 'picky', { allowedOrigins: ['https://chat.picky.example'] });
    const { accessToken } = await newSession(system, 'sven', 'picky');
    const from = (origin: string) => opened({ Origin: origin }, { token: accessToken });
    expect(await from('https://chat.picky.example')).toBeDefined();
    expect(await opened({}, { token: accessToken })).toBeDefined();
    for (const origin of [
      'https://evil.example',
      'https://chat.picky.example.evil.example',
      'http://chat.picky.example',
      'https://chat.picky.example:444',
      'null',
      '',
    ]) {
      expect(await from(origin), origin).toBeUndefined();
    }
  });
});
