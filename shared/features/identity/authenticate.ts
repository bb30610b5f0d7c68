import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { markVerified, TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readAccess } from './account-store.ts';
import { isSessionAlive } from './session-access.ts';
import { publicKeys } from './signing-key.ts';
import { createTokenVerifier, type PublicJwk, type TokenVerifier } from './token-verifier.ts';

export type CallerContext = Omit<Principal, 'scope'>;

export function contextOf({ scope: _, ...context }: Principal): CallerContext {
  return context;
}

let verifier: { readonly keys: readonly PublicJwk[]; readonly verifier: TokenVerifier } | undefined;

/**
 * Undefined if the token or its session is not valid. The role is the account's current one.
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

/** The library never removes a key, so refetched keys need a new verifier. */
async function currentVerifier(): Promise<TokenVerifier> {
  const keys = await publicKeys();
  if (verifier?.keys !== keys) verifier = { keys, verifier: createTokenVerifier(config.publicUrl, keys) };
  return verifier.verifier;
}
