import { userRoutes } from '../shared/contract/users/routes.ts';
import { serve } from '../shared/handler/http.ts';
import { getMe } from '../shared/identity/get-me.ts';
import { listUsers } from '../shared/identity/list-users.ts';
import { updateMe } from '../shared/identity/update-me.ts';

export const handler = serve(userRoutes, { listUsers, getMe, updateMe });
