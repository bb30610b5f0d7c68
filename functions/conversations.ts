import type { ConversationStart } from '../shared/contract/conversations/create-conversation.ts';
import { conversationRoutes } from '../shared/contract/conversations/routes.ts';
import { getConversation } from '../shared/conversations/get-conversation.ts';
import { listConversations } from '../shared/conversations/list-conversations.ts';
import { startConversation } from '../shared/conversations/start-conversation.ts';
import { serve } from '../shared/handler/http.ts';
import { answer } from '../shared/handler/refusal.ts';

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
