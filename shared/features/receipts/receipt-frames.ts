import type { receiptUpdate, typingStart, typingStop } from '../../contract/receipts/receipt-actions.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { ActionHandler } from '../../transport/socket.ts';
import { setTyping } from './set-typing.ts';
import { updateReceipts } from './update-receipts.ts';

const answered = { answered: true } as const;

/** `receipt.update`: the ack goes out in one batch with the deliveries, as with all of these. */
export const updateReceiptsFrame: ActionHandler<typeof receiptUpdate> = async (input) => {
  const { conversationId, ...update } = input.data;
  const outcome = await updateReceipts({
    principal: input.principal,
    conversationId,
    update,
    pointer: '/data',
    origin: input.connection.connectionId,
    acknowledge: input.answer,
  });
  return isRefusal(outcome) ? outcome : answered;
};

export const startTypingFrame: ActionHandler<typeof typingStart> = async ({ principal, data, answer }) => {
  const outcome = await setTyping({ principal, ...data, typing: true, acknowledge: () => answer({}) });
  return outcome ?? answered;
};

export const stopTypingFrame: ActionHandler<typeof typingStop> = async ({ principal, data, answer }) => {
  const outcome = await setTyping({ principal, ...data, typing: false, acknowledge: () => answer({}) });
  return outcome ?? answered;
};
