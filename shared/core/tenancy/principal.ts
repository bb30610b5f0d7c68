import type { Role } from '../../contract/schemas/user.ts';
import type { TenantScope } from './tenant-scope.ts';

/** The verified user or guest of one tenant who sent a request. */
export interface Principal {
  readonly scope: TenantScope;
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  readonly kind: PrincipalKind;
  /** The conversations that a guest's session is bound to: it reaches no other. Users have no such limit. */
  readonly conversationIds?: readonly string[] | undefined;
  readonly sessionId: string;
  /** Session version of the account when the session began. A newer version ends the session. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch at which the access token expires. */
  readonly expiresAt: number;
}

export type PrincipalKind = 'user' | 'guest';

export function kindOf(role: Role): PrincipalKind {
  return role === 'guest' ? 'guest' : 'user';
}
