import type { approveUser as approveUserRoute } from '../../contract/identity/approve-user.ts';
import type { Handler } from '../../transport/http.ts';
import { changeStatus } from './change-status.ts';

/** Lets an account in that waited for approval. */
export const approveUser: Handler<typeof approveUserRoute> = ({ params, principal }) =>
  changeStatus(principal, params.userId, 'approve');
