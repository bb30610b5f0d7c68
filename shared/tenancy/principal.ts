import type { Role } from '../contract/schemas/user.ts';
import type { TenantScope } from './tenant-scope.ts';

/** Who acts: a verified user of one tenant. */
export interface Principal {
  readonly scope: TenantScope;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  /** Milliseconds since the epoch at which the access token expires. */
  readonly expiresAt: number;
}
