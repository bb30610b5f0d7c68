import { messageRoutes } from '../shared/contract/messages/routes.ts';
import { getMessage } from '../shared/features/messages/get-message.ts';
import { listMessages } from '../shared/features/messages/list-messages.ts';
import { sendMessage } from '../shared/features/messages/send-message.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(messageRoutes, {
  sendMessage: async ({ principal, params, body }) => {
    const { conversationId } = params;
    const outcome = await sendMessage({ principal, conversationId, newMessage: body, pointer: '/body' });
    return answer(outcome, ({ kind, message }) => ({ status: kind === 'written' ? 201 : 200, body: message }));
  },
  listMessages: async ({ principal, params, query: { from, ...query } }) => {
    const page = await listMessages(principal, params.conversationId, { ...query, after: query.after ?? from });
    return answer(page, (body) => ({ status: 200, body }));
  },
  getMessage: async ({ principal, params }) => {
    const message = await getMessage(principal, params.conversationId, params.seq);
    return answer(message, (body) => ({ status: 200, body }));
  },
});
