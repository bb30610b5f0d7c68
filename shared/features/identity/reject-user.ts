import type { rejectUser as rejectUserRoute } from '../../contract/identity/reject-user.ts';
import type { Handler } from '../../transport/http.ts';
import { changeStatus } from './change-status.ts';

/** Turns down an account that waited for approval. */
export const rejectUser: Handler<typeof rejectUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'reject');
