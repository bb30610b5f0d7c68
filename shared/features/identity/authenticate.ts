import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { markVerified, TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readAccess } from './account-store.ts';
import { isSessionAlive } from './session-access.ts';
import { publicKeys } from './signing-key.ts';
import { createTokenVerifier, type PublicJwk, type TokenVerifier } from './token-verifier.ts';

/** The form in which the authorizers pass a principal to the functions. These create its scope from the tenant's id. */
export type CallerContext = Omit<Principal, 'scope'>;

export function contextOf({ scope: _, ...context }: Principal): CallerContext {
  return context;
}

let verifier: { readonly keys: readonly PublicJwk[]; readonly verifier: TokenVerifier } | undefined;

/**
 * Returns the caller of an access token, or undefined if the token or its session is not valid. One read of the account
 * decides about the session. The role is the account's current role, not the token's.
 * @throws only if KMS or the table does not respond.
 */
export async function authenticate(token: string): Promise<Principal | undefined> {
  const claims = (await currentVerifier()).verify(token, now());
  if (claims === undefined) return undefined;
  const scope = TenantScope.fromClaims(markVerified({ tenantId: claims.tid }));
  const access = await readAccess(scope, claims.sub);
  const session = { sessionId: claims.sid, sessionVersion: claims.ver };
  if (access === undefined || !isSessionAlive(access, session)) return undefined;
  return {
    scope,
    tenantId: claims.tid,
    userId: claims.sub,
    role: access.role,
    sessionId: claims.sid,
    sessionVersion: claims.ver,
    expiresAt: claims.exp * 1000,
  };
}

/** Creates a new verifier when the keys were fetched again, because the library itself never removes a key. */
async function currentVerifier(): Promise<TokenVerifier> {
  const keys = await publicKeys();
  if (verifier?.keys !== keys) verifier = { keys, verifier: createTokenVerifier(config.publicUrl, keys) };
  return verifier.verifier;
}
