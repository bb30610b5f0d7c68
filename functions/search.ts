import { searchRoutes } from '../shared/contract/search/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { searchMessages } from '../shared/features/search/search-messages.ts';

export const handler = serve(searchRoutes, { searchMessages });
