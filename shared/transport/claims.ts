import * as z from 'zod/mini';
import { internalError, serviceBusy, unauthenticated } from '../contract/problems.ts';
import { role } from '../contract/schemas/user.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Principal } from '../core/tenancy/principal.ts';
import { markVerified, TenantScope } from '../core/tenancy/tenant-scope.ts';

/** Only API Gateway passes this context. WebSocket APIs turn numbers into strings. */
const claimsSchema = z.object({
  tenantId: z.string(),
  userId: z.string(),
  role,
  sessionId: z.string(),
  sessionVersion: z.coerce.number(),
  expiresAt: z.coerce.number(),
});

/** Undefined without a valid session. */
export function principalOf(authorizerContext: unknown): Principal | undefined {
  const claims = claimsSchema.safeParse(authorizerContext);
  if (!claims.success) return undefined;
  return { ...claims.data, scope: TenantScope.fromClaims(markVerified(claims.data)) };
}

export type Denial = (typeof unauthenticated | typeof serviceBusy | typeof internalError)['name'];

/** API Gateway caches the authorizer's answer for this time, so an earlier retry gets the same answer. */
const authorizerCacheMs = 5000;

const denialSchema = z.object({ denied: z.enum([serviceBusy.name, internalError.name]) });

export function refusalWithoutSession(
  authorizerContext: unknown,
): Refusal<typeof unauthenticated | typeof serviceBusy | typeof internalError> {
  const denial = denialSchema.safeParse(authorizerContext).data?.denied;
  if (denial === undefined) return refuse(unauthenticated);
  const retry = { retryAfterMs: authorizerCacheMs };
  return denial === serviceBusy.name ? refuse(serviceBusy, retry) : refuse(internalError, retry);
}
