import type { ConversationStart } from '../shared/contract/conversations/create-conversation.ts';
import { conversationRoutes } from '../shared/contract/conversations/routes.ts';
import { answer } from '../shared/core/refusal.ts';
import { getConversation } from '../shared/features/conversations/get-conversation.ts';
import { createConversation } from '../shared/features/by-kind/create-conversation.ts';
import { listConversations } from '../shared/features/by-kind/list-conversations.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(conversationRoutes, {
  listConversations,
  createConversation: async (principal, input) =>
    answer(await createConversation(principal, input as ConversationStart), ({ created, conversation }) => ({
      status: created ? 201 : 200,
      body: conversation,
    })),
  getConversation,
});
