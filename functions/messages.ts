import { messageRoutes } from '../shared/contract/messages/routes.ts';
import { getMessage } from '../shared/features/messages/get-message.ts';
import { listMessages } from '../shared/features/messages/list-messages.ts';
import { sendMessage } from '../shared/features/messages/send-message.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(messageRoutes, {
  sendMessage: async (principal, { conversationId, ...newMessage }) => {
    const outcome = await sendMessage({ principal, conversationId, newMessage, pointer: '/body' });
    return answer(outcome, ({ kind, message }) => ({ status: kind === 'written' ? 201 : 200, body: message }));
  },
  listMessages: (principal, { conversationId, from, ...query }) =>
    listMessages(principal, conversationId, { ...query, after: query.after ?? from }),
  getMessage: (principal, { conversationId, seq }) => getMessage(principal, conversationId, seq),
});
