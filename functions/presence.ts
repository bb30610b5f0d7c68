import { presenceRoutes } from '../shared/contract/presence/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { getPresence } from '../shared/features/presence/get-presence.ts';
import { leaseAllWith } from '../shared/core/delivery/leases.ts';

export const handler = serve(presenceRoutes, {
  getPresence: async ({ principal, query }) => {
    return { status: 200, body: { users: await getPresence(principal, query.ids) } };
  },
  updatePresence: async ({ principal: { scope, userId }, body }) => {
    return { status: 200, body: await leaseAllWith(scope, userId, body.status) };
  },
});
