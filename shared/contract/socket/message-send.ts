import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { sendProblems } from '../messages/send-message.ts';
import { conversationId } from '../schemas/ids.ts';
import { checkDraft, message, messageDraftMembers } from '../schemas/message.ts';

export const messageSend = defineAction({
  action: 'message.send',
  access: 'guest',
  summary: 'Send a message',
  description: 'The same as the HTTP operation; `ack` carries the message.',
  data: z.strictObject({ conversationId, ...messageDraftMembers }).check(checkDraft),
  answer: { type: 'ack', data: message },
  problems: sendProblems,
});
