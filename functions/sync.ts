import { syncRoutes } from '../shared/contract/sync/routes.ts';
import { catchUpPage } from '../shared/features/sync/catch-up-page.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(syncRoutes, {
  catchUp: (principal, { positions = {}, since }) => catchUpPage(principal, positions, since),
});
