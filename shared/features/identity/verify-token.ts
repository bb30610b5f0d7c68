import type { verifyToken as verifyTokenRoute } from '../../contract/identity/verify-token.ts';
import { invalidToken } from '../../contract/problems.ts';
import type { Handler } from '../../transport/http.ts';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { authenticate } from './authenticate.ts';

/** Tells whether an access token would be let in at this moment, its session included. */
export const verifyToken: Handler<typeof verifyTokenRoute> = async ({ body }) => {
  const caller = await authenticate(body.token);
  if (caller === undefined) return refuse(invalidToken);
  const { userId, tenantId, role, expiresAt } = caller;
  return {
    status: 200,
    body: { valid: true, user: { id: userId, tenantId, role }, expiresAt: toTimestamp(expiresAt) },
  };
};
