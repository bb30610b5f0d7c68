import type { reactivateUser as reactivateUserRoute } from '../contract/admin/reactivate-user.ts';
import type { Handler } from '../handler/http.ts';
import { changeStatus } from './change-status.ts';

/** Lets a suspended account in again. */
export const reactivateUser: Handler<typeof reactivateUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'reactivate');
