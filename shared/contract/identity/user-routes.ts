import { getMe } from './get-me.ts';
import { listUsers } from './list-users.ts';
import { updateMe } from './update-me.ts';

export const userRoutes = [listUsers, getMe, updateMe] as const;
