import { approveUser } from './approve-user.ts';
import { listAccounts } from './list-accounts.ts';
import { reactivateUser } from './reactivate-user.ts';
import { rejectUser } from './reject-user.ts';
import { suspendUser } from './suspend-user.ts';

export const adminRoutes = [listAccounts, approveUser, rejectUser, suspendUser, reactivateUser] as const;
