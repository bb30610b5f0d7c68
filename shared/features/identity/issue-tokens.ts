import type { TokenPair, Tokens } from '../../contract/schemas/tokens.ts';
import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import { newId } from '../../core/runtime/ids.ts';
import { accessTokenLife, signAccessToken } from './access-token.ts';
import { openProfile, type ProfileRecord } from './account-records.ts';
import type { OpenTenant } from './account-store.ts';
import { encodeRefreshToken } from './refresh-token.ts';
import type { AccessRecord } from './session-access.ts';
import type { OpenSession } from './session-store.ts';
import { signingKey } from './signing-key.ts';

/** Issues the tokens of a user's session, which login, refresh and password change return. */
export async function issueTokens(
  tenant: OpenTenant,
  access: AccessRecord,
  profile: ProfileRecord,
  opened: OpenSession,
): Promise<Tokens> {
  const tokens = await issueTokenPair(tenant, access, opened);
  return { ...tokens, user: openProfile(tenant.keys, tenant.scope, profile) };
}

/** Issues the tokens of a session of a user or a guest. */
export async function issueTokenPair(
  { scope, keys }: OpenTenant,
  access: AccessRecord,
  { session, secret }: OpenSession,
): Promise<TokenPair> {
  const { userId, sessionId } = session;
  const subject = {
    userId,
    tenantId: scope.tenantId,
    role: access.role,
    sessionId,
    sessionVersion: session.sessionVersion,
  };
  const { token } = await signAccessToken(signingKey, config.publicUrl, subject, now(), newId());
  return {
    accessToken: token,
    refreshToken: encodeRefreshToken(keys, { tenantId: scope.tenantId, userId, sessionId }, secret),
    tokenType: 'Bearer',
    expiresIn: accessTokenLife,
  };
}
