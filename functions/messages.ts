import { messageRoutes } from '../shared/contract/messages/routes.ts';
import { getMessage } from '../shared/features/messages/get-message.ts';
import { listMessages } from '../shared/features/messages/list-messages.ts';
import { sendMessage } from '../shared/features/messages/send-message.ts';
import { serve } from '../shared/transport/http.ts';
import { storedAnswer } from '../shared/transport/stored-answer.ts';

export const handler = serve(messageRoutes, {
  sendMessage: async (...call) => storedAnswer(await sendMessage(...call)),
  listMessages,
  getMessage,
});
