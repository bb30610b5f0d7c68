import { systemUserId } from '../../contract/schemas/ids.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** The service itself, which opens conversations of incidents. It has no session. */
export function servicePrincipal(scope: TenantScope): Principal {
  return {
    scope,
    tenantId: scope.tenantId,
    userId: systemUserId,
    role: 'admin',
    sessionId: systemUserId,
    sessionVersion: 0,
    expiresAt: Infinity,
  };
}
