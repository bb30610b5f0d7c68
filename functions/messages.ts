import { messageRoutes } from '../shared/contract/messages/routes.ts';
import { getMessage } from '../shared/features/messages/get-message.ts';
import { listMessages } from '../shared/features/messages/list-messages.ts';
import { sendMessage } from '../shared/features/messages/send-message.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(messageRoutes, {
  sendMessage: async (principal, input) => {
    const outcome = await sendMessage(principal, input);
    return answer(outcome, ({ kind, message }) => ({ status: kind === 'written' ? 201 : 200, body: message }));
  },
  listMessages,
  getMessage,
});
