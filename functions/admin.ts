import { adminRoutes } from '../shared/contract/identity/admin-routes.ts';
import { serve } from '../shared/transport/http.ts';
import { approveUser } from '../shared/features/identity/approve-user.ts';
import { listAccounts } from '../shared/features/identity/list-accounts.ts';
import { reactivateUser } from '../shared/features/identity/reactivate-user.ts';
import { rejectUser } from '../shared/features/identity/reject-user.ts';
import { suspendUser } from '../shared/features/identity/suspend-user.ts';

export const handler = serve(adminRoutes, { listAccounts, approveUser, rejectUser, suspendUser, reactivateUser });
