import type { ConversationStart } from '../shared/contract/conversations/create-conversation.ts';
import { conversationRoutes } from '../shared/contract/conversations/routes.ts';
import { createDirect } from '../shared/features/conversations/create-direct.ts';
import { getConversation } from '../shared/features/conversations/get-conversation.ts';
import { listConversations } from '../shared/features/conversations/list-conversations.ts';
import { createGroup } from '../shared/features/groups/create-group.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(conversationRoutes, {
  listConversations,
  createConversation: async (principal, input) => {
    const start = input as ConversationStart;
    const outcome = await (start.kind === 'direct' ? createDirect(principal, start) : createGroup(principal, start));
    return answer(outcome, ({ created, conversation }) => ({ status: created ? 201 : 200, body: conversation }));
  },
  getConversation,
});
