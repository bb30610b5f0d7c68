import { adminRoutes } from '../shared/contract/admin/routes.ts';
import { serve } from '../shared/handler/http.ts';
import { approveUser } from '../shared/identity/approve-user.ts';
import { listAccounts } from '../shared/identity/list-accounts.ts';
import { reactivateUser } from '../shared/identity/reactivate-user.ts';
import { rejectUser } from '../shared/identity/reject-user.ts';
import { suspendUser } from '../shared/identity/suspend-user.ts';

export const handler = serve(adminRoutes, { listAccounts, approveUser, rejectUser, suspendUser, reactivateUser });
