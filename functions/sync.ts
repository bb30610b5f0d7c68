import { syncRoutes } from '../shared/contract/sync/routes.ts';
import { catchUp } from '../shared/features/sync/catch-up.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(syncRoutes, { catchUp });
