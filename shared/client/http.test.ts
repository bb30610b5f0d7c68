import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { login } from '../contract/identity/login.ts';
import { logout } from '../contract/identity/logout.ts';
import { listConversations } from '../contract/conversations/list-conversations.ts';
import { getMessage } from '../contract/messages/get-message.ts';
import { listMessages } from '../contract/messages/list-messages.ts';
import { sendMessage } from '../contract/messages/send-message.ts';
import type { Message } from '../contract/schemas/message.ts';
import { fakeFetch, json, refusal } from './http-test-builders.ts';
import { createHttpClient, type RouteAnswer } from './http.ts';
import { NetworkError } from './network-error.ts';
import { waitOf } from './retry-after-rules.ts';
import { createServerClock } from './server-clock.ts';

const url = 'https://chat.test';

function clientWith(answer: Parameters<typeof fakeFetch>[0], options = {}) {
  const { fetch, requests } = fakeFetch(answer);
  return { requests, client: createHttpClient({ url: `${url}/`, fetch, ...options }) };
}

describe('a request', () => {
  it('has its parameters in the path and the query', async () => {
    const { client, requests } = clientWith(() => json(200, { items: [], nextCursor: null }));
    await client.call(listMessages, { params: { conversationId: 'a/b' }, query: { after: 0, limit: '10' } });
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: `${url}/api/v1/conversations/a%2Fb/messages?after=0&limit=10`,
    });
    await client.call(getMessage, { params: { conversationId: 'c', seq: 7 } });
    expect(requests[1]?.url).toBe(`${url}/api/v1/conversations/c/messages/7`);
  });

  it('needs no optional arguments', async () => {
    const { client, requests } = clientWith(() => json(200, { items: [], nextCursor: null }));
    await client.call(listConversations);
    expect(requests[0]?.url).toBe(`${url}/api/v1/conversations`);
    expect(requests[0]?.body).toBeUndefined();
  });

  it('does not compile without required arguments or with unknown ones', () => {
    const { client } = clientWith(() => json(200, {}));
    // @ts-expect-error the body is missing
    void (() => client.call(login));
    // @ts-expect-error the parameter is missing
    void (() => client.call(listMessages, { query: {} }));
    // @ts-expect-error there is no such field
    void (() => client.call(login, { body: { email: 'a', password: 'b', pasword: 'c' } }));
    expectTypeOf<Extract<RouteAnswer<typeof sendMessage>, { ok: true }>['body']>().toEqualTypeOf<Message>();
  });

  it('carries the access token, except to public routes', async () => {
    const { client, requests } = clientWith(() => json(200, { items: [], nextCursor: null }), {
      accessToken: () => Promise.resolve('token-1'),
    });
    await client.call(listConversations);
    await client.call(login, { body: { email: 'a@b.test', password: 'x' } });
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer token-1', null]);
    expect(requests[1]).toMatchObject({ method: 'POST', body: { email: 'a@b.test', password: 'x' } });
    expect(requests[1]?.headers.get('content-type')).toBe('application/json');
  });
});

const newMessage = { type: 'text', text: 'Hello', clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' } as const;

describe('an answer', () => {
  it('returns the status and the body, with unknown fields and values', async () => {
    const message = { seq: 1, type: 'hologram', novelty: true };
    const { client } = clientWith(() => json(201, message));
    const answer = await client.call(sendMessage, { params: { conversationId: 'c' }, body: newMessage });
    expect(answer).toEqual({ ok: true, status: 201, body: message });
  });

  it('has no body if the contract defines none', async () => {
    const { client } = clientWith(() => new Response(null, { status: 204 }));
    const answer = await client.call(logout, { body: { refreshToken: 'r' } });
    expect(answer).toEqual({ ok: true, status: 204, body: undefined });
  });

  it('returns the problem when the server rejects the request', async () => {
    const problem = refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 1500 });
    const { client } = clientWith(() => json(429, problem));
    const answer = await client.call(sendMessage, { params: { conversationId: 'c' }, body: newMessage });
    expect(answer).toEqual({ ok: false, problem });
  });

  it('becomes a problem when another system rejects the request in its own format', async () => {
    const headers = { 'retry-after': '3', 'x-amz-cf-id': 'edge-1' };
    const { client } = clientWith(() => new Response('<html>', { status: 503, headers }));
    expect(await client.call(listConversations)).toMatchObject({
      ok: false,
      problem: { code: 'HTTP_503', status: 503, retryable: true, retryAfterMs: 3000, requestId: 'edge-1' },
    });
    const unauthorised = clientWith(() => json(401, { message: 'Unauthorized' }));
    expect(await unauthorised.client.call(listConversations)).toMatchObject({
      problem: { code: 'UNAUTHENTICATED', retryable: false },
    });
  });

  it.each([
    ['a page of another system', () => new Response('<html>', { status: 200 })],
    ['a status that the route does not have', () => json(202, {})],
  ])('throws a NetworkError when it is %s', async (_label, answer) => {
    const { client } = clientWith(answer);
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'not-understood' });
  });

  it('sets the server’s time, unless it comes from a cache', async () => {
    const device = Date.now();
    const date = new Date(device + 3_600_000).toUTCString();
    const answers = [{ date, age: '5' }, { date }];
    const clock = createServerClock(() => device);
    const { client } = clientWith(() => json(200, { items: [], nextCursor: null }, answers.shift()), { clock });
    await client.call(listConversations);
    expect(clock.now()).toBe(device);
    await client.call(listConversations);
    expect(Math.abs(clock.now() - device - 3_600_000)).toBeLessThan(1500);
  });
});

describe('a request with a wrong argument', () => {
  it('throws the original error and sends no request', async () => {
    const { client, requests } = clientWith(() => json(200, {}));
    const body = { ...newMessage, metadata: { amount: 1n } } as unknown as typeof newMessage;
    const inBody = client.call(sendMessage, { params: { conversationId: 'c' }, body });
    await expect(inBody).rejects.toBeInstanceOf(TypeError);
    const inPath = client.call(getMessage, {
      params: { conversationId: 'c' } as { conversationId: string; seq: number },
    });
    await expect(inPath).rejects.toBeInstanceOf(TypeError);
    await expect(client.call(getMessage, { params: { conversationId: '\uD83D', seq: 1 } })).rejects.toBeInstanceOf(
      URIError,
    );
    expect(requests).toEqual([]);
  });
});

describe('the wait of a rejection', () => {
  const date = 'Sun, 06 Nov 2026 08:49:37 GMT';
  it.each<[string, string, number | undefined]>([
    ['seconds', '120', 120_000],
    ['seconds with spaces', ' 5 ', 5_000],
    ['a date', 'Sun, 06 Nov 2026 08:49:47 GMT', 10_000],
    ['a date of RFC 850', 'Sunday, 06-Nov-26 08:49:47 GMT', 10_000],
    ['no time at all', '0', undefined],
    ['a date in the past', 'Sun, 06 Nov 1994 08:49:37 GMT', undefined],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['two values', '120, 60', undefined],
    ['nothing', '', undefined],
    ['a word', 'soon', undefined],
    ['a word with a number', 'after 5', undefined],
    ['more than an hour', '999999999999999999999', 3_600_000],
    ['a date in a century', 'Wed, 06 Nov 2126 08:49:37 GMT', 3_600_000],
  ])('is read from %s (%j) as %s ms', async (_label, retryAfter, expected) => {
    const headers = { 'retry-after': retryAfter, date };
    const { client } = clientWith(() => new Response('busy', { status: 503, headers }));
    const answer = await client.call(listConversations);
    if (answer.ok) throw new Error('The request was not rejected');
    expect(waitOf(answer.problem)).toBe(expected);
  });

  it.each([-1, 0, Number.NaN, '5000', null, {}])('is undefined when a problem states %s', (retryAfterMs) => {
    expect(waitOf({ retryAfterMs } as { retryAfterMs: number })).toBeUndefined();
  });
});

describe('an answer from a proxy between the client and the service', () => {
  const page = (status: number, headers = {}): Response =>
    new Response('<!doctype html><title>Welcome to our hotel</title>', {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    });

  it.each([401, 403, 404, 407, 502, 511])('is retryable when it is a page with status %s', async (status) => {
    const { client } = clientWith(() => page(status));
    expect(await client.call(listConversations)).toMatchObject({ ok: false, problem: { retryable: true } });
  });

  it('is final when the page comes from the service’s platform', async () => {
    const { client } = clientWith(() => page(403, { 'x-amz-cf-id': 'edge-1' }));
    expect(await client.call(listConversations)).toMatchObject({ problem: { code: 'HTTP_403', retryable: false } });
  });

  it.each([
    ['an empty body', ''],
    ['half an object', '{"items":['],
    ['a list', '[]'],
    ['a text', '"ok"'],
  ])('is not understood when it is %s', async (_label, body) => {
    const { client } = clientWith(() => new Response(body, { status: body === '[]' ? 202 : 200 }));
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'not-understood' });
  });
});

describe('a request from an origin that the server does not allow', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const blocked = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));

  it('names the setting that allows the origin', async () => {
    vi.stubGlobal('location', { origin: 'http://localhost:5173' });
    vi.stubGlobal('fetch', async () => ({ type: 'opaque' }));
    const { client } = clientWith(blocked);
    const failure = client.call(listConversations);
    await expect(failure).rejects.toMatchObject({ name: 'NetworkError', failure: 'origin' });
    await expect(failure).rejects.toThrow(/'http:\/\/localhost:5173'.*allowedOrigins/);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['is unreachable', 'http://localhost:5173', blocked],
    ['has the page’s origin', url, async () => ({ type: 'opaque' })],
  ])('is not assumed when the server %s', async (_label, origin, fetch) => {
    vi.stubGlobal('location', { origin });
    vi.stubGlobal('fetch', fetch);
    const { client } = clientWith(blocked);
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

describe('a request without an answer', () => {
  it('throws a NetworkError with its cause', async () => {
    const { client } = clientWith(() => Promise.reject(new TypeError('fetch failed')));
    const failure = client.call(listConversations);
    await expect(failure).rejects.toBeInstanceOf(NetworkError);
    await expect(failure).rejects.toMatchObject({ failure: 'unreachable', cause: new TypeError('fetch failed') });
  });

  it.each(['the request', 'the body'])('times out when %s never settles', async (pending) => {
    const never = new Promise<never>(() => undefined);
    const hanging = { status: 200, ok: true, headers: new Headers(), text: () => never } as unknown as Response;
    const fetch = (): Promise<Response> => (pending === 'the request' ? never : Promise.resolve(hanging));
    const client = createHttpClient({ url, fetch, timeoutMs: 20 });
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('fails after a timeout', async () => {
    const { client } = clientWith(() => new Promise(() => undefined), { timeoutMs: 20 });
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('fails with the reason of the caller’s signal', async () => {
    const { client } = clientWith(() => new Promise(() => undefined));
    const controller = new AbortController();
    const waiting = client.call(listConversations, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
