import { createConversation } from './create-conversation.ts';
import { getConversation } from './get-conversation.ts';
import { listConversations } from './list-conversations.ts';

export const conversationRoutes = [listConversations, createConversation, getConversation] as const;
