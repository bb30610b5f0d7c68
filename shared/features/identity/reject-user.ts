import type { rejectUser as rejectUserRoute } from '../../contract/identity/reject-user.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeStatus } from './change-status.ts';

export const rejectUser: UseCase<typeof rejectUserRoute> = (principal, { userId }) =>
  changeStatus(principal, userId, 'reject');
