import type { Role } from '../../contract/schemas/user.ts';
import type { TenantScope } from './tenant-scope.ts';

export interface Principal {
  readonly scope: TenantScope;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  /** At the start of the session. A newer version ends it. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch, for the access token. */
  readonly expiresAt: number;
}
