import type { logout as logoutRoute } from '../../contract/identity/logout.ts';
import type { Handler } from '../../transport/http.ts';
import { findGenuine } from './refresh.ts';
import { endSession } from './session-store.ts';

/** Ends the session that a refresh token belongs to, be it the present one or an older one. */
export const logout: Handler<typeof logoutRoute> = async ({ body }) => {
  const found = await findGenuine(body.refreshToken);
  if (found !== undefined) await endSession(found.tenant.scope, found.token.userId, found.token.sessionId);
  return { status: 204 };
};
