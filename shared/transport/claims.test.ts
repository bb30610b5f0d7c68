import { describe, expect, it } from 'vitest';
import { principalOf, refusalOfNobody } from './claims.ts';

describe('whoever has no valid session is told', () => {
  it.each([undefined, null, {}, 'x', { denied: 'unauthenticated' }, { denied: 'something else' }])(
    'to sign in, by an authorizer that said %j',
    (context) => {
      expect(principalOf(context)).toBeUndefined();
      expect(refusalOfNobody(context)).toMatchObject({ refused: { name: 'unauthenticated' } });
    },
  );

  it.each(['service-busy', 'internal-error'])(
    'to come again when the authorizer is asked anew, if that failed with %s',
    (denied) => {
      expect(principalOf({ denied })).toBeUndefined();
      expect(refusalOfNobody({ denied })).toMatchObject({ refused: { name: denied }, retryAfterMs: 5000 });
    },
  );
});
