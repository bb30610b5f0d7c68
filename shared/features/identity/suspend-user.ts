import type { suspendUser as suspendUserRoute } from '../../contract/identity/suspend-user.ts';
import type { Handler } from '../../transport/http.ts';
import { changeStatus } from './change-status.ts';

/** Shuts an account out and ends its sessions. */
export const suspendUser: Handler<typeof suspendUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'suspend');
