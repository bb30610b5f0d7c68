import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { sendProblems } from './send-message.ts';
import { conversationId } from '../schemas/ids.ts';
import { checkNewMessage, newMessageExample, message, newMessageFields } from '../schemas/message.ts';

export const messageSend = defineAction({
  action: 'message.send',
  access: 'messages:send',
  summary: 'Send a message',
  description: 'Works like the HTTP operation `sendMessage`. `ack` has the message.',
  data: z
    .strictObject({ conversationId, ...newMessageFields })
    .check(
      checkNewMessage,
      z.meta({ examples: [{ conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW', ...newMessageExample }] }),
    ),
  answer: { type: 'ack', data: message },
  problems: sendProblems,
});
