import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { typingProblems } from './set-typing.ts';
import { receiptProblems } from './update-receipts.ts';
import { conversationId } from '../schemas/ids.ts';
import { checkReceiptUpdate, receiptExample, receiptState, receiptUpdateMembers } from '../schemas/receipt.ts';

export const receiptUpdate = defineAction({
  action: 'receipt.update',
  access: 'receipts:update',
  summary: 'Update your receipts',
  description: 'Works like the HTTP operation `updateReceipts`. `ack` has your receipts and unread count.',
  data: z
    .strictObject({ conversationId, ...receiptUpdateMembers })
    .check(
      checkReceiptUpdate,
      z.meta({ examples: [{ conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW', ...receiptExample }] }),
    ),
  answer: { type: 'ack', data: receiptState },
  problems: receiptProblems,
});

export const typingStart = defineAction({
  action: 'typing.start',
  access: 'typing:announce',
  summary: 'Announce that you are typing',
  description: 'Works like the HTTP operation `setTyping`. Repeat it every 3 seconds while the user is typing.',
  data: z.strictObject({ conversationId }),
  answer: { type: 'ack', data: z.object({}) },
  problems: typingProblems,
});

export const typingStop = defineAction({
  action: 'typing.stop',
  access: 'typing:announce',
  summary: 'Announce that you stopped typing',
  description: 'Works like the HTTP operation `setTyping`.',
  data: z.strictObject({ conversationId }),
  answer: { type: 'ack', data: z.object({}) },
  problems: typingProblems,
});
