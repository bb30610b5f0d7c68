import type { rejectUser as rejectUserRoute } from '../contract/admin/reject-user.ts';
import type { Handler } from '../handler/http.ts';
import { changeStatus } from './change-status.ts';

/** Turns down an account that waited for approval. */
export const rejectUser: Handler<typeof rejectUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'reject');
