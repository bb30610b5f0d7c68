import { userRoutes } from '../shared/contract/identity/user-routes.ts';
import { serve } from '../shared/transport/http.ts';
import { getMe } from '../shared/features/identity/get-me.ts';
import { listUsers } from '../shared/features/identity/list-users.ts';
import { updateMe } from '../shared/features/identity/update-me.ts';

export const handler = serve(userRoutes, { listUsers, getMe, updateMe });
