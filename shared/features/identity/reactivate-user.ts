import type { reactivateUser as reactivateUserRoute } from '../../contract/identity/reactivate-user.ts';
import type { Handler } from '../../transport/http.ts';
import { changeStatus } from './change-status.ts';

/** Lets a suspended account in again. */
export const reactivateUser: Handler<typeof reactivateUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'reactivate');
