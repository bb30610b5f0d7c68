import type { Role } from '../contract/schemas/user.ts';
import { now } from '../runtime/clock.ts';
import { config } from '../runtime/config.ts';
import { markVerified, TenantScope } from '../tenancy/tenant-scope.ts';
import { readAccess } from './account-store.ts';
import { isSessionAlive } from './session-access.ts';
import { publicKeys } from './signing-key.ts';
import { createTokenVerifier, type PublicJwk, type TokenVerifier } from './token-verifier.ts';

/** A caller whose token, session and account are good at this moment. */
export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  /** The role that the account has now, whatever the token says. */
  readonly role: Role;
  readonly sessionId: string;
  /** Milliseconds since the epoch at which the access token expires. */
  readonly expiresAt: number;
}

let verifier: { readonly keys: readonly PublicJwk[]; readonly verifier: TokenVerifier } | undefined;

/**
 * Who presents this access token, or nothing if it does not let in: one read decides whether the session is alive.
 * @throws only if the key service or the table do not answer.
 */
export async function authenticate(token: string): Promise<Caller | undefined> {
  const claims = (await currentVerifier()).verify(token, now());
  if (claims === undefined) return undefined;
  const scope = TenantScope.fromClaims(markVerified({ tenantId: claims.tid }));
  const access = await readAccess(scope, claims.sub);
  const session = { sessionId: claims.sid, sessionVersion: claims.ver };
  if (access === undefined || !isSessionAlive(access, session)) return undefined;
  return {
    tenantId: claims.tid,
    userId: claims.sub,
    role: access.role,
    sessionId: claims.sid,
    expiresAt: claims.exp * 1000,
  };
}

/** A new verifier whenever the keys were fetched anew: the library itself would never forget a key. */
async function currentVerifier(): Promise<TokenVerifier> {
  const keys = await publicKeys();
  if (verifier?.keys !== keys) verifier = { keys, verifier: createTokenVerifier(config.publicUrl, keys) };
  return verifier.verifier;
}
