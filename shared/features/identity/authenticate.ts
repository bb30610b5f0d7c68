import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { markVerified, TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readAccess } from './account-store.ts';
import { isSessionAlive } from './session-access.ts';
import { publicKeys } from './signing-key.ts';
import { createTokenVerifier, type PublicJwk, type TokenVerifier } from './token-verifier.ts';

/** A principal as the authorizers pass it to the functions, which create its scope from the tenant's id. */
export type CallerContext = Omit<Principal, 'scope'>;

export function contextOf({ scope: _, ...context }: Principal): CallerContext {
  return context;
}

let verifier: { readonly keys: readonly PublicJwk[]; readonly verifier: TokenVerifier } | undefined;

/**
 * Who presents this access token, or nothing if it does not let in: one read decides whether the session is alive. The
 * role is the one that the account has now, whatever the token says.
 * @throws only if the key service or the table do not answer.
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

/** A new verifier whenever the keys were fetched anew: the library itself would never forget a key. */
async function currentVerifier(): Promise<TokenVerifier> {
  const keys = await publicKeys();
  if (verifier?.keys !== keys) verifier = { keys, verifier: createTokenVerifier(config.publicUrl, keys) };
  return verifier.verifier;
}
