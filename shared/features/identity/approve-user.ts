import type { approveUser as approveUserRoute } from '../../contract/identity/approve-user.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeStatus } from './change-status.ts';

export const approveUser: UseCase<typeof approveUserRoute> = (principal, { userId }) =>
  changeStatus(principal, userId, 'approve');
