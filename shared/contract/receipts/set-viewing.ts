import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';

export const setViewing = defineRoute({
  operationId: 'setViewing',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/viewing',
  access: 'desk:work',
  summary: 'Announce that you have a support conversation open',
  description:
    'The service announces it to the other agents who receive the messages of the conversation, never to customers, and stores nothing. Repeat the request every 15 seconds while the conversation is open: for the others, it ends after 40 seconds without a repetition. Requests within 10 seconds of the last one succeed but are not announced. Conversations with more than 50 such agents have no announcements.',
  params: { conversationId },
  body: z.strictObject({
    viewing: z.boolean().check(z.meta({ description: 'False when you left the conversation', examples: [true] })),
  }),
  responses: { 204: null },
  problems: [conversationNotFound],
  idempotent: 'yes',
});
