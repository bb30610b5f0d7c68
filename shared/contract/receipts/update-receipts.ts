import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, positionBeyondEnd } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { receiptState, receiptUpdate } from '../schemas/receipt.ts';

/** Refusals of a receipt, the same over HTTP and WebSocket. */
export const receiptProblems = [conversationNotFound, positionBeyondEnd] as const;

export const updateReceipts = defineRoute({
  operationId: 'updateReceipts',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/receipts',
  access: 'guest',
  summary: 'Say what was received and read',
  description:
    'Both numbers only rise: lower ones are ignored, and the answer tells the state as it is at this moment. The caller’s other devices and, in conversations of at most 50 people, the other participants get `receipt.updated`.',
  params: { conversationId },
  body: receiptUpdate,
  responses: { 200: receiptState },
  problems: receiptProblems,
  idempotent: 'yes',
});
