import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformKeys } from '../../../shared/core/table/keys.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect } from '../people.ts';
import { RawSocket } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';
import { newPerson, type Person } from '../system/world.ts';
import { ask, makeTenant, newcomer } from './people-with-sockets.ts';

let test: TestRun;
let tables: Tables;
let who: Person;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  await makeTenant(test);
  who = await newcomer(test);
});

afterAll(() => test.stop());

interface Handshake {
  readonly query?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the subprotocol, or the rejection's status. */
async function handshake({ query = '', protocols = [], headers = {} }: Handshake): Promise<string | number> {
  const socket = new WebSocket(test.run.socketUrl + query, [...protocols], { headers });
  const refused = once(socket, 'unexpected-response').then(([, response]: unknown[]) => response as IncomingMessage);
  const outcome = await Promise.race([refused, once(socket, 'open')]);
  if (!Array.isArray(outcome)) {
    outcome.resume();
    return outcome.statusCode ?? 0;
  }
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  return socket.protocol;
}

async function newTicket(): Promise<string> {
  const answer = await ask(test, who, 'POST', '/api/v1/auth/ticket');
  return (answer.body as { readonly ticket: string }).ticket;
}

describe('a handshake', () => {
  it('selects the subprotocol that carries no token', async () => {
    expect(await handshake({ protocols: ['switchboard', `bearer.${who.token}`] })).toBe('switchboard');
    expect(await handshake({ protocols: [`bearer.${who.token}`, 'switchboard', 'other'] })).toBe('switchboard');
  });

  it('needs no subprotocol when the token is in the address', async () => {
    expect(await handshake({ query: `?token=${who.token}` })).toBe('');
  });

  it('accepts a ticket once', async () => {
    const query = `?ticket=${await newTicket()}`;
    expect(await handshake({ query })).toBe('');
    expect(await handshake({ query })).toBe(403);
  });

  it('accepts a ticket once, even when many handshakes use it at the same time', async () => {
    const query = `?ticket=${await newTicket()}`;
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => handshake({ query })));
    expect(outcomes.sort()).toEqual(['', ...Array.from({ length: 7 }, () => 403)].sort());
  });

  it('rejects an expired ticket', async () => {
    const ticket = await newTicket();
    const { pk, sk } = platformKeys.ticket(createHash('sha256').update(ticket).digest('base64url'));
    const stored = (await tables.items()).find((item) => item.pk.endsWith(pk) && item.sk === sk);
    await tables.set(stored?.pk ?? '', sk, 'goodUntil', Date.now() - 1);
    expect(await handshake({ query: `?ticket=${ticket}` })).toBe(403);
  });

  it.each<[string, () => Handshake | Promise<Handshake>]>([
    ['nothing', () => ({})],
    ['only our subprotocol', () => ({ protocols: ['switchboard'] })],
    ['a token without our subprotocol', () => ({ protocols: [`bearer.${who.token}`] })],
    ['nonsense in place of a token', () => ({ query: '?token=nonsense' })],
    ['an empty ticket', () => ({ query: '?ticket=' })],
    ['a ticket in place of a token', async () => ({ query: `?token=${await newTicket()}` })],
    ['a token in place of a ticket', () => ({ query: `?ticket=${who.token}` })],
    ['a refresh token', () => ({ query: `?token=${who.refreshToken}` })],
    ['a token with another signature', () => ({ query: `?token=${forged(who.token)}` })],
    [
      'a bad subprotocol and a good token',
      () => ({ protocols: ['switchboard', 'bearer.x'], query: `?token=${who.token}` }),
    ],
    ['a token of 3 KB', () => ({ query: `?token=${'x'.repeat(3_000)}` })],
    ['the token in the authorization header', () => ({ headers: { authorization: `Bearer ${who.token}` } })],
  ])('rejects %s', async (_, offer) => {
    expect(await handshake(await offer())).toBe(403);
  });

  it.each<[string, Handshake]>([
    ['address', { query: `?token=${'x'.repeat(12_000)}` }],
    ['subprotocol', { protocols: ['switchboard', `bearer.${'x'.repeat(40_000)}`] }],
    ['header', { headers: { origin: `https://${'x'.repeat(40_000)}.example` } }],
  ])('rejects an over-long %s without a failure', async (_, offer) => {
    expect([403, 413, 414, 431]).toContain(await handshake(offer));
    await test.run.settled();
    const outcomes = test.run.recorder.invocations().map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['returned']));
  });

  it.each(['?__proto__=1&__proto__=2', '?constructor=1&constructor=2', '?toString', '?%00=%ff&%'])(
    'rejects the query %s, and later handshakes still work',
    async (query) => {
      expect([400, 403]).toContain(await handshake({ query }));
      expect(await handshake({ query: `${query}&token=${who.token}` })).toBe('');
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );

  it('rejects an origin that the tenant does not allow', async () => {
    const settings = { allowedOrigins: ['https://chat.picky.example'] };
    const slug = test.slugOf('picky');
    const created = await test.provision({ command: 'createTenant', slug, name: 'Picky', settings });
    expect(created.ok).toBe(true);
    const { token } = await newPerson(test, slug, 'sockets', 'picky');
    const from = (Origin: string) => handshake({ query: `?token=${token}`, headers: { Origin } });
    expect(await from('https://chat.picky.example')).toBe('');
    expect(await from('https://evil.example')).toBe(403);
    expect(await from('null')).toBe(403);
    expect(await handshake({ query: `?token=${token}` })).toBe('');
  });

  it('rejects a token of an ended session', async () => {
    const gone = await newcomer(test);
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: gone.refreshToken });
    expect(await handshake({ query: `?token=${gone.token}` })).toBe(403);
  });

  it('leaves open sockets connected when it is rejected', async () => {
    const socket = await connect(test, who);
    expect(await handshake({ query: '?token=nonsense' })).toBe(403);
    expect((await socket.request('ping', {})).type).toBe('pong');
    await socket.close();
  });

  it('never writes the token to a log', async () => {
    const [, , signature = ''] = who.token.split('.');
    await (await new RawSocket(`${test.run.socketUrl}?token=${who.token}`).opened()).close();
    await test.run.settled();
    const logs = test.run.recorder.invocations().flatMap((invocation) => invocation.logs);
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.filter((line) => line.includes(signature))).toEqual([]);
  });
});

function forged(token: string): string {
  return token.replace(/[^.]+$/, (signature) => [...signature].reverse().join(''));
}
