import * as z from 'zod/mini';
import { role } from '../contract/schemas/user.ts';
import type { Principal } from '../tenancy/principal.ts';
import { markVerified, TenantScope } from '../tenancy/tenant-scope.ts';

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
