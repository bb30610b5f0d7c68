import type { verifyToken as verifyTokenRoute } from '../contract/auth/verify-token.ts';
import { invalidToken } from '../contract/problems.ts';
import type { Handler } from '../handler/http.ts';
import { refuse } from '../handler/refusal.ts';
import { toTimestamp } from '../runtime/clock.ts';
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
