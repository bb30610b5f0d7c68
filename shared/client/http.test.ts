import { describe, expect, expectTypeOf, it } from 'vitest';
import { login } from '../contract/auth/login.ts';
import { logout } from '../contract/auth/logout.ts';
import { listConversations } from '../contract/conversations/list-conversations.ts';
import { getMessage } from '../contract/messages/get-message.ts';
import { listMessages } from '../contract/messages/list-messages.ts';
import { sendMessage } from '../contract/messages/send-message.ts';
import type { Message } from '../contract/schemas/message.ts';
import { fakeFetch, json, refusal } from './http-test-builders.ts';
import { createHttpClient, type RouteAnswer } from './http.ts';
import { NetworkError } from './network-error.ts';
import { createServerClock } from './server-clock.ts';

const url = 'https://chat.test';

function clientWith(answer: Parameters<typeof fakeFetch>[0], options = {}) {
  const { fetch, requests } = fakeFetch(answer);
  return { requests, client: createHttpClient({ url: `${url}/`, fetch, ...options }) };
}

describe('a request', () => {
  it('has its parameters in the path and its query behind it', async () => {
    const { client, requests } = clientWith(() => json(200, { items: [], nextCursor: null }));
    await client.call(listMessages, { params: { conversationId: 'a/b' }, query: { after: 0, limit: '10' } });
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: `${url}/api/v1/conversations/a%2Fb/messages?after=0&limit=10`,
    });
    await client.call(getMessage, { params: { conversationId: 'c', seq: 7 } });
    expect(requests[1]?.url).toBe(`${url}/api/v1/conversations/c/messages/7`);
  });

  it('can be made without what is optional', async () => {
    const { client, requests } = clientWith(() => json(200, { items: [], nextCursor: null }));
    await client.call(listConversations);
    expect(requests[0]?.url).toBe(`${url}/api/v1/conversations`);
    expect(requests[0]?.body).toBeUndefined();
  });

  it('does not compile without what is needed, or with what is not', () => {
    const { client } = clientWith(() => json(200, {}));
    // @ts-expect-error the body is missing
    void (() => client.call(login));
    // @ts-expect-error the parameter is missing
    void (() => client.call(listMessages, { query: {} }));
    // @ts-expect-error there is no such field
    void (() => client.call(login, { body: { email: 'a', password: 'b', pasword: 'c' } }));
    expectTypeOf<Extract<RouteAnswer<typeof sendMessage>, { ok: true }>['body']>().toEqualTypeOf<Message>();
  });

  it('carries the access token, but not to public routes', async () => {
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

const draft = { type: 'text', text: 'Hello', clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' } as const;

describe('an answer', () => {
  it('is the body with its status, with fields and values that are not known yet', async () => {
    const message = { seq: 1, type: 'hologram', novelty: true };
    const { client } = clientWith(() => json(201, message));
    const answer = await client.call(sendMessage, { params: { conversationId: 'c' }, body: draft });
    expect(answer).toEqual({ ok: true, status: 201, body: message });
  });

  it('may have no body where the contract says so', async () => {
    const { client } = clientWith(() => new Response(null, { status: 204 }));
    const answer = await client.call(logout, { body: { refreshToken: 'r' } });
    expect(answer).toEqual({ ok: true, status: 204, body: undefined });
  });

  it('is a problem when it was refused', async () => {
    const problem = refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 1500 });
    const { client } = clientWith(() => json(429, problem));
    const answer = await client.call(sendMessage, { params: { conversationId: 'c' }, body: draft });
    expect(answer).toEqual({ ok: false, problem });
  });

  it('is a problem as well when something in between refused it in its own form', async () => {
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
    ['a page of something else', () => new Response('<html>', { status: 200 })],
    ['a status that the route does not have', () => json(202, {})],
  ])('is an error when it is %s', async (_what, answer) => {
    const { client } = clientWith(answer);
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'not-understood' });
  });

  it('tells the server’s time, unless it comes from a cache', async () => {
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

describe('no answer', () => {
  it('is a typed error', async () => {
    const { client } = clientWith(() => Promise.reject(new TypeError('fetch failed')));
    const failure = client.call(listConversations);
    await expect(failure).rejects.toBeInstanceOf(NetworkError);
    await expect(failure).rejects.toMatchObject({ failure: 'unreachable', cause: new TypeError('fetch failed') });
  });

  it('is given up after a time', async () => {
    const { client } = clientWith(() => new Promise(() => undefined), { timeoutMs: 20 });
    await expect(client.call(listConversations)).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('is not waited for by who gave up', async () => {
    const { client } = clientWith(() => new Promise(() => undefined));
    const controller = new AbortController();
    const waiting = client.call(listConversations, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
