import type { ConversationStart } from '../shared/contract/conversations/create-conversation.ts';
import { conversationRoutes } from '../shared/contract/conversations/routes.ts';
import { getConversation } from '../shared/features/conversations/get-conversation.ts';
import { listConversations } from '../shared/features/conversations/list-conversations.ts';
import { startConversation } from '../shared/features/groups/start-conversation.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(conversationRoutes, {
  listConversations,
  createConversation: async (principal, input) => {
    const outcome = await startConversation(principal, input as ConversationStart);
    return answer(outcome, ({ created, conversation }) => ({ status: created ? 201 : 200, body: conversation }));
  },
  getConversation: (principal, { conversationId }) => getConversation(principal, conversationId),
});
