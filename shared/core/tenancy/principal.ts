import type { Role } from '../../contract/schemas/user.ts';
import type { TenantScope } from './tenant-scope.ts';

/** Who acts: a verified user of one tenant. */
export interface Principal {
  readonly scope: TenantScope;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  /** The version that the session was made under: a newer one of the account ends it. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch at which the access token expires. */
  readonly expiresAt: number;
}
