import type { reactivateUser as reactivateUserRoute } from '../../contract/identity/reactivate-user.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeStatus } from './change-status.ts';

export const reactivateUser: UseCase<typeof reactivateUserRoute> = (principal, { userId }) =>
  changeStatus(principal, userId, 'reactivate');
