import { adminRoutes } from '../shared/contract/identity/admin-routes.ts';
import { suppressionRoutes } from '../shared/contract/mail/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { approveUser } from '../shared/features/identity/approve-user.ts';
import { listAccounts } from '../shared/features/identity/list-accounts.ts';
import { reactivateUser } from '../shared/features/identity/reactivate-user.ts';
import { rejectUser } from '../shared/features/identity/reject-user.ts';
import { suspendUser } from '../shared/features/identity/suspend-user.ts';
import { deleteSuppression } from '../shared/features/mail/delete-suppression.ts';
import { listSuppressions } from '../shared/features/mail/list-suppressions.ts';

export const handler = serve([...adminRoutes, ...suppressionRoutes], {
  listAccounts,
  approveUser,
  rejectUser,
  suspendUser,
  reactivateUser,
  listSuppressions,
  deleteSuppression,
});
