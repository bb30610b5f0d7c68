import type { logout as logoutRoute } from '../../contract/identity/logout.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findGenuine } from './refresh.ts';
import { endSession } from './session-store.ts';

/** Ends the session of a current or older refresh token. */
export const logout: UseCase<typeof logoutRoute> = async ({ refreshToken }) => {
  const found = await findGenuine(refreshToken);
  if (found !== undefined) await endSession(found.tenant.scope, found.token.userId, found.token.sessionId);
};
