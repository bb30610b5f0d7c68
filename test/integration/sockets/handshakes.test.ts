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

/** What became of a handshake: the subprotocol that was selected, or the status that refused it. */
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
  it('with the token in a subprotocol is answered with the other one', async () => {
    expect(await handshake({ protocols: ['switchboard', `bearer.${who.token}`] })).toBe('switchboard');
    expect(await handshake({ protocols: [`bearer.${who.token}`, 'switchboard', 'other'] })).toBe('switchboard');
  });

  it('with the token in the address needs no subprotocol', async () => {
    expect(await handshake({ query: `?token=${who.token}` })).toBe('');
  });

  it('with a ticket works once', async () => {
    const query = `?ticket=${await newTicket()}`;
    expect(await handshake({ query })).toBe('');
    expect(await handshake({ query })).toBe(403);
  });

  it('with a ticket works once, also if many come at the same time', async () => {
    const query = `?ticket=${await newTicket()}`;
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => handshake({ query })));
    expect(outcomes.sort()).toEqual(['', ...Array.from({ length: 7 }, () => 403)].sort());
  });

  it('with a ticket is refused after the ticket’s time', async () => {
    const ticket = await newTicket();
    const { pk, sk } = platformKeys.ticket(createHash('sha256').update(ticket).digest('base64url'));
    const stored = (await tables.items()).find((item) => item.pk.endsWith(pk) && item.sk === sk);
    await tables.set(stored?.pk ?? '', sk, 'goodUntil', Date.now() - 1);
    expect(await handshake({ query: `?ticket=${ticket}` })).toBe(403);
  });

  it.each<[string, () => Handshake | Promise<Handshake>]>([
    ['nothing', () => ({})],
    ['our subprotocol alone', () => ({ protocols: ['switchboard'] })],
    ['a token beside which ours is not offered', () => ({ protocols: [`bearer.${who.token}`] })],
    ['nonsense in place of a token', () => ({ query: '?token=nonsense' })],
    ['an empty ticket', () => ({ query: '?ticket=' })],
    ['a ticket in place of a token', async () => ({ query: `?token=${await newTicket()}` })],
    ['a token in place of a ticket', () => ({ query: `?ticket=${who.token}` })],
    ['a refresh token', () => ({ query: `?token=${who.refreshToken}` })],
    ['a token that somebody else signed', () => ({ query: `?token=${forged(who.token)}` })],
    [
      'a bad subprotocol and a good token',
      () => ({ protocols: ['switchboard', 'bearer.x'], query: `?token=${who.token}` }),
    ],
    ['a token of 3 KB', () => ({ query: `?token=${'x'.repeat(3_000)}` })],
    ['the token in a header that only HTTP has', () => ({ headers: { authorization: `Bearer ${who.token}` } })],
  ])('with %s is refused', async (_, offer) => {
    expect(await handshake(await offer())).toBe(403);
  });

  it.each<[string, Handshake]>([
    ['address', { query: `?token=${'x'.repeat(12_000)}` }],
    ['subprotocol', { protocols: ['switchboard', `bearer.${'x'.repeat(40_000)}`] }],
    ['header', { headers: { origin: `https://${'x'.repeat(40_000)}.example` } }],
  ])('with an over-long %s is refused, and breaks nothing', async (_, offer) => {
    expect([403, 413, 414, 431]).toContain(await handshake(offer));
    await test.run.settled();
    const outcomes = test.run.recorder.invocations().map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['returned']));
  });

  it.each(['?__proto__=1&__proto__=2', '?constructor=1&constructor=2', '?toString', '?%00=%ff&%'])(
    'to %s is refused, and changes nothing for others',
    async (query) => {
      expect([400, 403]).toContain(await handshake({ query }));
      expect(await handshake({ query: `${query}&token=${who.token}` })).toBe('');
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );

  it('from a page that the tenant does not name is refused', async () => {
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

  it('of somebody whose session has ended is refused', async () => {
    const gone = await newcomer(test);
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: gone.refreshToken });
    expect(await handshake({ query: `?token=${gone.token}` })).toBe(403);
  });

  it('is refused for one and leaves the open sockets of others alone', async () => {
    const socket = await connect(test, who);
    expect(await handshake({ query: '?token=nonsense' })).toBe(403);
    expect((await socket.request('ping', {})).type).toBe('pong');
    await socket.close();
  });

  it('never tells the token in a log', async () => {
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
