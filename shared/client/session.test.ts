import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listConversations } from '../contract/conversations/list-conversations.ts';
import { type Answerer, fakeFetch, json, refusal } from './http-test-builders.ts';
import { NetworkError } from './network-error.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createProvidedSession } from './provided-session.ts';
import { createSession, type SessionOptions } from './session.ts';

const url = 'https://chat.test';
const user = { id: 'alice' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function tokens(number: number, expiresIn = 900) {
  return { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, tokenType: 'Bearer', expiresIn, user };
}

function sessionWith(answer: Answerer, options: Partial<SessionOptions> = {}) {
  const { fetch, requests } = fakeFetch(answer);
  const stored = { ...tokens(1), expiresAt: Date.now() + 900_000 } as unknown as NonNullable<SessionOptions['stored']>;
  const onTokens = vi.fn();
  const session = createSession({ url, fetch, stored, onTokens, ...options });
  const onEnded = vi.fn();
  session.onEnded(onEnded);
  return {
    session,
    requests,
    onTokens,
    onEnded,
    paths: () => requests.map((request) => request.url.split('/').at(-1)),
  };
}

function exchange(): Answerer {
  let current = 1;
  return ({ url: requested, body, headers }) => {
    if (requested.endsWith('/auth/refresh')) {
      if ((body as { refreshToken: string }).refreshToken !== `refresh-${current}`) {
        return json(401, refusal(401, 'INVALID_TOKEN'));
      }
      current += 1;
      return json(200, tokens(current));
    }
    return headers.get('authorization') === `Bearer access-${current}`
      ? json(200, { items: [], nextCursor: null })
      : json(401, refusal(401, 'UNAUTHENTICATED'));
  };
}

describe('a login', () => {
  it('stores the session and passes it to onTokens', async () => {
    const { session, onTokens } = sessionWith(() => json(200, { ...tokens(7), deviceToken: 'd' }));
    const answer = await session.login({ tenant: 'demo', email: 'alice@demo.test', password: 'x' });
    expect(answer).toMatchObject({ ok: true, deviceToken: 'd', session: { accessToken: 'access-7', user } });
    expect(onTokens).toHaveBeenLastCalledWith(session.stored);
    expect(session.stored?.expiresAt).toBe(Date.now() + 900_000);
    expect(await session.accessToken()).toBe('access-7');
  });

  it('returns the problem and changes nothing when the server rejects it', async () => {
    const { session, onTokens } = sessionWith(() => json(401, refusal(401, 'INVALID_CREDENTIALS')));
    const answer = await session.login({ email: 'a', password: 'b' });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'INVALID_CREDENTIALS' } });
    expect(onTokens).not.toHaveBeenCalled();
  });
});

describe('an access token', () => {
  it('is renewed once before it expires, for all callers', async () => {
    const { session, paths } = sessionWith(exchange());
    vi.setSystemTime(Date.now() + 800_000);
    expect(await session.accessToken()).toBe('access-1');
    vi.setSystemTime(Date.now() + 60_000);
    const tokensOfCallers = Array.from({ length: 5 }, () => session.accessToken());
    expect(new Set(await Promise.all(tokensOfCallers))).toEqual(new Set(['access-2']));
    expect(paths()).toEqual(['refresh']);
  });

  it('is renewed earlier for a caller that needs it longer', async () => {
    const { session } = sessionWith(exchange());
    vi.setSystemTime(Date.now() + 700_000);
    expect(await session.accessToken(300_000)).toBe('access-2');
  });

  it('is renewed when the server rejects it, and the call is repeated', async () => {
    const server = exchange();
    const refused = [json(401, refusal(401, 'UNAUTHENTICATED'))];
    const { session, paths } = sessionWith((request) => refused.pop() ?? server(request));
    expect(await session.call(listConversations)).toMatchObject({ ok: true, status: 200 });
    expect(paths()).toEqual(['conversations', 'refresh', 'conversations']);
  });

  it('is not renewed again when the server rejects it after a renewal', async () => {
    const server = exchange();
    const { session, paths } = sessionWith((request) =>
      request.url.endsWith('/refresh') ? server(request) : json(401, refusal(401, 'UNAUTHENTICATED')),
    );
    expect(await session.call(listConversations)).toMatchObject({ ok: false, problem: { status: 401 } });
    expect(paths()).toEqual(['conversations', 'refresh', 'conversations']);
  });
});

describe('a renewal', () => {
  it('is repeated within the server’s grace period when its answer is lost', async () => {
    let requestCount = 0;
    const { session, paths } = sessionWith(() => {
      requestCount += 1;
      return requestCount === 1 ? Promise.reject(new TypeError('connection lost')) : json(200, tokens(2));
    });
    expect(await session.accessToken(Infinity)).toBe('access-2');
    expect(paths()).toEqual(['refresh', 'refresh']);
  });

  it('fails and keeps the session when no answer comes', async () => {
    const { session, onEnded } = sessionWith(() => Promise.reject(new TypeError('offline')));
    await expect(session.accessToken(Infinity)).rejects.toBeInstanceOf(NetworkError);
    expect(session.stored?.refreshToken).toBe('refresh-1');
    expect(onEnded).not.toHaveBeenCalled();
  });

  it('fails and keeps the session when the server is busy', async () => {
    const busy = refusal(503, 'SERVICE_BUSY', { retryable: true });
    const { session } = sessionWith(() => json(503, busy));
    await expect(session.accessToken(Infinity)).rejects.toBeInstanceOf(RefusedError);
    expect(session.stored?.refreshToken).toBe('refresh-1');
  });

  it('ends the session once when the server rejects it', async () => {
    const { session, onEnded, onTokens } = sessionWith(() => json(401, refusal(401, 'INVALID_TOKEN')));
    const attempts = [session.accessToken(Infinity), session.accessToken(Infinity)];
    for (const attempt of attempts) await expect(attempt).rejects.toBeInstanceOf(SessionEndedError);
    await expect(session.call(listConversations)).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.stored).toBeUndefined();
    expect(onEnded).toHaveBeenCalledTimes(1);
    expect(onTokens).toHaveBeenCalledWith(undefined);
  });

  it('does not revive the session after a logout', async () => {
    let answer: (response: Response) => void = () => undefined;
    const { session } = sessionWith(({ url: requested }) =>
      requested.endsWith('/refresh')
        ? new Promise<Response>((resolve) => {
            answer = resolve;
          })
        : new Response(null, { status: 204 }),
    );
    const waiting = session.accessToken(Infinity);
    const refused = expect(waiting).rejects.toBeInstanceOf(SessionEndedError);
    await session.logout();
    answer(json(200, tokens(2)));
    await refused;
    expect(session.stored).toBeUndefined();
  });
});

it('ends the session on this device when the server is unreachable at a logout', async () => {
  const { session, onEnded } = sessionWith(() => Promise.reject(new TypeError('offline')));
  await expect(session.logout()).rejects.toBeInstanceOf(NetworkError);
  expect(session.stored).toBeUndefined();
  expect(onEnded).not.toHaveBeenCalled();
});

describe('a network that answers in place of the service', () => {
  const page = (status: number): Response =>
    new Response('<title>Log in to the train</title>', { status, headers: { 'content-type': 'text/html' } });

  it.each<[string, () => Response]>([
    ['200', () => page(200)],
    ['401', () => page(401)],
    ['403', () => page(403)],
    ['403 without a type', () => new Response('no', { status: 403 })],
    ['404 in JSON', () => json(404, { message: 'Not Found' })],
  ])('does not end the session with status %s', async (_label, answer) => {
    const { session, onEnded } = sessionWith(answer);
    const renewed = session.accessToken(Infinity);
    await Promise.allSettled([renewed, vi.runAllTimersAsync()]);
    await expect(renewed).rejects.not.toBeInstanceOf(SessionEndedError);
    expect(session.stored).toMatchObject({ refreshToken: 'refresh-1' });
    expect(onEnded).not.toHaveBeenCalled();
  });
});

describe('a token of the application', () => {
  const me = (): Response => json(200, user);

  it.each<[string, () => Promise<string>]>([
    ['is rejected', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'throws',
      () => {
        throw new Error('not logged in');
      },
    ],
    ['is undefined', () => Promise.resolve(undefined as unknown as string)],
    ['has a line break', () => Promise.resolve('token\r\n')],
    ['never comes', () => new Promise(() => undefined)],
  ])('makes messages wait when it %s', async (_label, provide) => {
    const { fetch } = fakeFetch(me);
    let works = true;
    const session = await createProvidedSession({ url, fetch }, () => (works ? Promise.resolve('token') : provide()));
    works = false;
    const token = session.accessToken(Infinity);
    await Promise.allSettled([token, vi.runAllTimersAsync()]);
    await expect(token).rejects.toMatchObject({ name: 'NetworkError', failure: 'no-token' });
  });
});
