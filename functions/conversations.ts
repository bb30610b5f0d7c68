import type { ConversationStart } from '../shared/contract/conversations/create-conversation.ts';
import { conversationRoutes } from '../shared/contract/conversations/routes.ts';
import { getConversation } from '../shared/features/conversations/get-conversation.ts';
import { listConversations } from '../shared/features/conversations/list-conversations.ts';
import { startConversation } from '../shared/features/groups/start-conversation.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(conversationRoutes, {
  listConversations: async ({ principal, query }) => {
    return answer(await listConversations(principal, query), (body) => ({ status: 200, body }));
  },
  createConversation: async ({ principal, body }) => {
    const outcome = await startConversation(principal, body as ConversationStart);
    return answer(outcome, ({ created, conversation }) => ({ status: created ? 201 : 200, body: conversation }));
  },
  getConversation: async ({ principal, params }) => {
    return answer(await getConversation(principal, params.conversationId), (body) => ({ status: 200, body }));
  },
});
