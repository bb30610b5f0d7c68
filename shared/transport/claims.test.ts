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
  it('distinguishes users from guests by the role', () => {
    expect(principalOf(claims)).toMatchObject({ kind: 'user', conversationIds: undefined });
    expect(principalOf({ ...claims, role: 'guest' })).toMatchObject({ kind: 'guest' });
  });

  it('reads the conversations that a guest’s session is bound to', () => {
    const bound = principalOf({ ...claims, role: 'guest', conversationIds: 'one two' });
    expect(bound?.conversationIds).toEqual(['one', 'two']);
  });
});

describe('refusalWithoutSession', () => {
  it.each([undefined, null, {}, 'x', { denied: 'unauthenticated' }, { denied: 'something else' }])(
    'asks for a session when the authorizer returned %j',
    (context) => {
      expect(principalOf(context)).toBeUndefined();
      expect(refusalWithoutSession(context)).toMatchObject({ refused: { name: 'unauthenticated' } });
    },
  );

  it.each(['service-busy', 'internal-error'])(
    'asks to retry when API Gateway has forgotten that the authorizer failed with %s',
    (denied) => {
      expect(principalOf({ denied })).toBeUndefined();
      expect(refusalWithoutSession({ denied })).toMatchObject({ refused: { name: denied }, retryAfterMs: 5000 });
    },
  );
});
