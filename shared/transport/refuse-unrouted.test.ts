import { describe, expect, it } from 'vitest';
import { refuseUnrouted } from './refuse-unrouted.ts';

describe('refuseUnrouted', () => {
  it.each([
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['PUT', '/api/v1/users/me', 'GET, HEAD, PATCH'],
    ['GET', '/api/v1/auth/login', 'POST'],
    ['HEAD', '/api/v1/auth/login', 'POST'],
    ['PURGE', '/api/v1/conversations/01KAJ72N4DF7H0J3M6P9R2T5VW/messages/42', 'DELETE, GET, HEAD, PATCH'],
    ['OPTIONS', '/api/v1/users/presence', 'GET, HEAD'],
  ])('answers 405 to %s %s with the methods that the path supports', (method, path, allow) => {
    expect(refuseUnrouted(method, path)).toMatchObject({ refused: { status: 405 }, allow });
  });

  it.each(['/', '/api/v1', '/api/v1/users/me/', '/api/v1/conversations//messages', '/API/v1/users/me', '/__proto__'])(
    'answers 404 to the unknown path %s',
    (path) => {
      expect(refuseUnrouted('POST', path)).toMatchObject({ refused: { status: 404 } });
    },
  );
});
