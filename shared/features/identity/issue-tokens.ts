import type { Tokens } from '../../contract/schemas/tokens.ts';
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

export async function issueTokens(
  { scope, keys }: OpenTenant,
  access: AccessRecord,
  profile: ProfileRecord,
  { session, secret }: OpenSession,
): Promise<Tokens> {
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
    user: openProfile(keys, scope, profile),
  };
}
