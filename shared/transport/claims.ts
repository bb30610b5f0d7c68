import * as z from 'zod/mini';
import { internalError, serviceBusy, unauthenticated } from '../contract/problems.ts';
import { role } from '../contract/schemas/user.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Principal } from '../core/tenancy/principal.ts';
import { markVerified, TenantScope } from '../core/tenancy/tenant-scope.ts';

/** What our authorizers return. API Gateway hands it to the functions; nobody else can set it. WebSocket APIs make strings of numbers. */
const claimsSchema = z.object({
  tenantId: z.string(),
  userId: z.string(),
  role,
  sessionId: z.string(),
  sessionVersion: z.coerce.number(),
  expiresAt: z.coerce.number(),
});

/** The verified caller, or nothing if there is no valid session. */
export function principalOf(authorizerContext: unknown): Principal | undefined {
  const claims = claimsSchema.safeParse(authorizerContext);
  if (!claims.success) return undefined;
  return { ...claims.data, scope: TenantScope.fromClaims(markVerified(claims.data)) };
}

/** Why our HTTP authorizer named no caller: there is none, or it could not find out. */
export type Denial = (typeof unauthenticated | typeof serviceBusy | typeof internalError)['name'];

/** So long API Gateway keeps what the authorizer said: until then a repetition meets the same answer. */
const authorizerMemoryMs = 5000;

const denialSchema = z.object({ denied: z.enum([serviceBusy.name, internalError.name]) });

/** What whoever has no valid session is told. */
export function refusalOfNobody(
  authorizerContext: unknown,
): Refusal<typeof unauthenticated | typeof serviceBusy | typeof internalError> {
  const denial = denialSchema.safeParse(authorizerContext).data?.denied;
  if (denial === undefined) return refuse(unauthenticated);
  const retry = { retryAfterMs: authorizerMemoryMs };
  return denial === serviceBusy.name ? refuse(serviceBusy, retry) : refuse(internalError, retry);
}
