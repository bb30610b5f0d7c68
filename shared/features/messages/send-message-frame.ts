import type { messageSend } from '../../contract/messages/message-send.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import type { ActionInput } from '../../transport/socket.ts';
import { sendMessage } from './send-message.ts';

/** `message.send`: the ack goes out in one batch with the deliveries, so who gets no ack sends again. */
export async function sendMessageFrame(
  input: ActionInput<typeof messageSend>,
): Promise<{ answered: true } | Refusal<(typeof messageSend)['problems'][number]>> {
  const { conversationId, ...newMessage } = input.data;
  const outcome = await sendMessage({
    principal: input.principal,
    conversationId,
    newMessage,
    pointer: '/data',
    origin: input.connection.connectionId,
    acknowledge: input.answer,
  });
  return isRefusal(outcome) ? outcome : { answered: true };
}
