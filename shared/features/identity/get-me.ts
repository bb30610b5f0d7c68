import type { getMe as getMeRoute } from '../../contract/identity/get-me.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readUser } from './account-store.ts';
import { openTenant } from './open-tenant.ts';

export const getMe: UseCase<typeof getMeRoute> = async (principal) => {
  const user = await readUser(await openTenant(principal.scope), principal.userId);
  if (user === undefined) throw new Error('A caller with a live session has no profile');
  return user;
};
