import { describe, expect, it } from 'vitest';
import { principalOf, refusalWithoutSession } from './claims.ts';

const claims = {
  tenantId: '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB',
  userId: '01KAJ70A5CE8G1H3J6K9M2P4QR',
  role: 'member',
  sessionId: '01KAJ70B6DF9H2J4K7M0P3Q6RS',
  sessionVersion: '1',
  expiresAt: '1764000000000',
};

describe('principalOf', () => {
  it('reads the numbers that WebSocket APIs pass as text', () => {
    expect(principalOf(claims)).toMatchObject({ role: 'member', sessionVersion: 1, expiresAt: 1_764_000_000_000 });
  });
});

describe('principalOf, of a role that only newer code knows', () => {
  it.each(['auditor', '__proto__', 'constructor', ''])('returns no principal for %j', (role) => {
    expect(principalOf({ ...claims, role })).toBeUndefined();
  });
});

describe('refusalWithoutSession', () => {
  it.each([undefined, null, {}, 'x', { denied: 'unauthenticated' }, { denied: 'something else' }])(
    'returns unauthenticated when the authorizer returned %j',
    (context) => {
      expect(principalOf(context)).toBeUndefined();
      expect(refusalWithoutSession(context)).toMatchObject({ refused: { name: 'unauthenticated' } });
    },
  );

  it.each(['service-busy', 'internal-error'])(
    'allows a retry after the authorizer’s cache expires when the authorizer failed with %s',
    (denied) => {
      expect(principalOf({ denied })).toBeUndefined();
      expect(refusalWithoutSession({ denied })).toMatchObject({ refused: { name: denied }, retryAfterMs: 5000 });
    },
  );
});
