import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { typingProblems } from './set-typing.ts';
import { receiptProblems } from './update-receipts.ts';
import { conversationId } from '../schemas/ids.ts';
import { checkReceiptUpdate, receiptExample, receiptState, receiptUpdateMembers } from '../schemas/receipt.ts';

const sameAsHttp = 'The same as the HTTP operation';

export const receiptUpdate = defineAction({
  action: 'receipt.update',
  access: 'guest',
  summary: 'Say what was received and read',
  description: `${sameAsHttp}; \`ack\` carries the own state.`,
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
  access: 'guest',
  summary: 'Say that you are typing',
  description: `${sameAsHttp}: to be repeated every 3 seconds.`,
  data: z.strictObject({ conversationId }),
  answer: { type: 'ack', data: z.object({}) },
  problems: typingProblems,
});

export const typingStop = defineAction({
  action: 'typing.stop',
  access: 'guest',
  summary: 'Say that you have stopped typing',
  description: `${sameAsHttp}.`,
  data: z.strictObject({ conversationId }),
  answer: { type: 'ack', data: z.object({}) },
  problems: typingProblems,
});
