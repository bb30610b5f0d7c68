import type { Role } from '../../contract/schemas/user.ts';
import type { TenantScope } from './tenant-scope.ts';

/** The verified user of one tenant who sent a request. */
export interface Principal {
  readonly scope: TenantScope;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  /** Session version of the account when the session began. A newer version ends the session. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch at which the access token expires. */
  readonly expiresAt: number;
}
