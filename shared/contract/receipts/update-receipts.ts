import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, positionBeyondEnd } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { receiptState, receiptUpdate } from '../schemas/receipt.ts';

export const receiptProblems = [conversationNotFound, positionBeyondEnd] as const;

export const updateReceipts = defineRoute({
  operationId: 'updateReceipts',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/receipts',
  access: 'receipts:update',
  summary: 'Update your receipts',
  description:
    'Send the number up to which your device received all entries, and the number up to which you read them. Both numbers only rise: lower numbers are ignored. The response has your current receipts and unread count. Your other devices get `receipt.updated`, and so do the other participants in conversations of at most 50 people.',
  params: { conversationId },
  body: receiptUpdate,
  responses: { 200: receiptState },
  problems: receiptProblems,
  idempotent: 'yes',
});
