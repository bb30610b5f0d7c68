import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFarSides, type FarSides as FarServers } from '../../../local/far-sides/far-sides.ts';
import { callAddress, type EgressCall } from './call-address.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { Network } from './network.ts';
import { hiddenHosts, hiddenLiterals, mixedAnswers } from './private-addresses-test-builders.ts';

/** Accepts connections on this machine, which no refused call may reach. */
let trap: Server;
let trapPort: number;
let reached = 0;
let far: FarServers;

beforeAll(async () => {
  trap = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  trap.listen(0, '::');
  await once(trap, 'listening');
  trapPort = (trap.address() as AddressInfo).port;
  far = await startFarSides();
});

afterAll(async () => {
  trap.close();
  await far.stop();
});

beforeEach(() => {
  reached = 0;
  far.clear();
});

const policy = (): EgressPolicy => ({ ports: [443, 8443, trapPort], ownHosts: ['chat.example.com'] });

function callTo(url: string, changes: Partial<EgressCall> = {}): EgressCall {
  return { url, method: 'POST', headers: {}, body: '{}', policy: policy(), ...changes };
}

/** Answers every name with the given addresses, and connects to the trap whatever the address. */
function networkOf(
  addresses: readonly string[] | ((host: string) => readonly string[]),
): Network & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: (host) => {
      asked.push(host);
      return Promise.resolve(typeof addresses === 'function' ? addresses(host) : addresses);
    },
    connect: () => connect({ host: '127.0.0.1', port: trapPort }),
  };
}

describe('callAddress', () => {
  it('reaches a listener on this machine if nothing refuses it, which proves the trap', async () => {
    const socket = networkOf([]).connect('127.0.0.1', trapPort);
    await once(socket, 'close');
    expect(reached).toBe(1);
  });

  it.each(hiddenLiterals)('refuses the address in https://%s', async (host) => {
    const network = networkOf(['93.184.215.14']);
    const answer = await callAddress(callTo(`https://${host}:${trapPort}/`), network);
    expect(answer).toEqual({ answered: false, error: 'blocked' });
    expect([reached, network.asked]).toEqual([0, []]);
  });

  it.each(hiddenHosts)('refuses the host %s by its name', async (host) => {
    const network = networkOf(['93.184.215.14']);
    const answer = await callAddress(callTo(`https://${host}:${trapPort}/`), network);
    expect(answer).toEqual({ answered: false, error: 'blocked' });
    expect([reached, network.asked]).toEqual([0, []]);
  });

  it.each(mixedAnswers)('refuses a name with the addresses %j', async (...addresses) => {
    const network = networkOf(addresses);
    const answer = await callAddress(callTo(`https://hooks.example.org:${trapPort}/`), network);
    expect(answer).toEqual({ answered: false, error: 'blocked' });
    expect(reached).toBe(0);
  });

  it.each([
    ['ftp://hooks.example.org/'],
    ['http://hooks.example.org/'],
    ['https://user@hooks.example.org/'],
    ['https://user:password@hooks.example.org/'],
    ['https://hooks.example.org:22/'],
    ['https://hooks.example.org:9001/'],
    ['https://chat.example.com/'],
    ['//hooks.example.org/'],
    ['file:///etc/passwd'],
    [`https://hooks.example.org/${'a'.repeat(2048)}`],
  ])('refuses the URL %s', async (url) => {
    const network = networkOf(['93.184.215.14']);
    expect(await callAddress(callTo(url), network)).toEqual({ answered: false, error: 'blocked' });
    expect(network.asked).toEqual([]);
  });

  it('resolves a name once and refuses a connection that leads to another address', async () => {
    const sent: unknown[] = [];
    const listener = createServer((socket) => socket.on('data', (data) => sent.push(data)));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const network = networkOf(['93.184.215.14']);
    const rebound: Network = { ...network, connect: () => connect({ host: '127.0.0.1', port }) };
    const answer = await callAddress(callTo('https://hooks.example.org/'), rebound);
    expect(answer).toEqual({ answered: false, error: 'blocked' });
    expect(network.asked).toEqual(['hooks.example.org']);
    listener.close();
    await once(listener, 'close');
    expect(sent).toEqual([]);
  });

  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
  ])('reports a name that does not resolve with %s as %s', async (code, error) => {
    const network: Network = {
      ...networkOf([]),
      resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code })),
    };
    expect(await callAddress(callTo('https://hooks.example.org/'), network)).toEqual({ answered: false, error });
  });

  it('reports a name without addresses as dns', async () => {
    expect(await callAddress(callTo('https://hooks.example.org/'), networkOf([]))).toEqual({
      answered: false,
      error: 'dns',
    });
  });

  it('ends a resolution that does not end, and never connects afterwards', async () => {
    let resolve: (addresses: readonly string[]) => void = () => undefined;
    let connects = 0;
    const network: Network = {
      resolve: () => new Promise((done) => (resolve = done)),
      connect: () => {
        connects += 1;
        return connect({ host: '127.0.0.1', port: trapPort });
      },
    };
    const answer = await callAddress(callTo('https://hooks.example.org/', { limits: { connectMs: 20 } }), network);
    resolve(['93.184.215.14']);
    await new Promise((done) => setImmediate(done));
    expect([answer, connects]).toEqual([{ answered: false, error: 'timeout' }, 0]);
  });
});

describe('a call to a far side', () => {
  const host = 'hooks.far-side.example';
  const call = (changes: Partial<EgressCall> = {}) => {
    const farSides = JSON.parse(far.environment['FAR_SIDES'] ?? '') as NonNullable<EgressPolicy['farSides']>;
    return callAddress(callTo(`https://${host}/in?key=1`, { policy: { ...policy(), farSides }, ...changes }));
  };
  const farPortOf = () => (JSON.parse(far.environment['FAR_SIDES'] ?? '') as { readonly port: number }).port;

  it('sends method, path, headers and body, and returns the answer', async () => {
    far.behave(host, { kind: 'answer', status: 201, headers: { 'x-answer': 'yes' }, body: 'thanks' });
    const answer = await call({ headers: { 'webhook-id': 'a' }, body: '{"text":"ü"}' });
    expect(answer).toMatchObject({ answered: true, status: 201, headers: { 'x-answer': 'yes' } });
    expect(answer.answered && answer.body.toString()).toBe('thanks');
    expect(far.requests(host)).toMatchObject([
      { method: 'POST', path: '/in?key=1', body: '{"text":"ü"}', headers: { host, 'webhook-id': 'a' } },
    ]);
  });

  it('does not follow a redirect', async () => {
    far.behave(host, { kind: 'answer', status: 302, headers: { location: `https://127.0.0.1:${trapPort}/` } });
    expect(await call()).toMatchObject({ answered: true, status: 302 });
    expect([reached, far.requests().length]).toEqual([0, 1]);
  });

  it('sends no cookie that an earlier answer set', async () => {
    far.behave(host, { kind: 'answer', status: 204, headers: { 'set-cookie': 'a=b' } });
    await call();
    await call();
    expect(far.requests(host).map(({ headers }) => headers['cookie'])).toEqual([undefined, undefined]);
  });

  it('ignores a proxy in the environment', async () => {
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${trapPort}`;
    far.behave(host, { kind: 'answer', status: 204 });
    const answer = await call();
    delete process.env['HTTPS_PROXY'];
    expect([answer.answered, reached]).toEqual([true, 0]);
  });

  it('ends an answer that is too large', async () => {
    far.behave(host, { kind: 'answer', status: 200, body: 'a'.repeat(64 * 1024 + 1) });
    expect(await call()).toEqual({ answered: false, error: 'too-large', status: 200 });
    far.behave(host, { kind: 'answer', status: 200, body: 'a'.repeat(64 * 1024) });
    expect(await call()).toMatchObject({ answered: true, status: 200 });
  });

  it('ends a call that gets no answer', async () => {
    far.behave(host, { kind: 'answer', status: 204, delayMs: 60_000 });
    expect(await call({ limits: { totalMs: 50 } })).toEqual({ answered: false, error: 'timeout' });
  });

  it.each([
    ['reset', 'reset'],
    ['down', 'reset'],
    ['wrong-tls', 'tls'],
  ] as const)('reports a server that is %s as %s', async (kind, error) => {
    far.behave(host, { kind });
    expect(await call()).toEqual({ answered: false, error });
  });

  it('reports a closed port as refused', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const farSides = { domain: 'far-side.example', port, authority: '' };
    expect(await call({ policy: { ...policy(), farSides } })).toEqual({ answered: false, error: 'refused' });
  });

  it('refuses a certificate of another name', async () => {
    const { authority } = JSON.parse(far.environment['FAR_SIDES'] ?? '') as { readonly authority: string };
    const farSides = { domain: 'other.example', port: farPortOf(), authority };
    const answer = await callAddress(callTo('https://hooks.other.example/', { policy: { ...policy(), farSides } }));
    expect(answer).toEqual({ answered: false, error: 'tls' });
  });
});
