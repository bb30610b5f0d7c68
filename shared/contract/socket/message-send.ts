import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { sendProblems } from '../messages/send-message.ts';
import { conversationId } from '../schemas/ids.ts';
import { message, messageDraft } from '../schemas/message.ts';

export const messageSend = defineAction({
  action: 'message.send',
  access: 'guest',
  summary: 'Send a message',
  description: 'The same as the HTTP operation; `ack` carries the message.',
  data: z.extend(messageDraft, { conversationId }),
  answer: { type: 'ack', data: message },
  problems: sendProblems,
});
