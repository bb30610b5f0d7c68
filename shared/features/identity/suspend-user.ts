import type { suspendUser as suspendUserRoute } from '../../contract/identity/suspend-user.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeStatus } from './change-status.ts';

export const suspendUser: UseCase<typeof suspendUserRoute> = (principal, { userId }) =>
  changeStatus(principal, userId, 'suspend');
