import { presenceRoutes } from '../shared/contract/presence/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { getPresence } from '../shared/features/presence/get-presence.ts';
import { leaseAllWith } from '../shared/core/delivery/leases.ts';

export const handler = serve(presenceRoutes, {
  getPresence,
  updatePresence: ({ scope, userId }, { status }) => leaseAllWith(scope, userId, status),
});
