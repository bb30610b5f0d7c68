import { searchRoutes } from '../shared/contract/search/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';
import { searchMessages } from '../shared/features/search/search-messages.ts';

export const handler = serve(searchRoutes, {
  searchMessages: async ({ principal, query }) => {
    return answer(await searchMessages(principal, query), (body) => ({ status: 200, body }));
  },
});
