import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';

export const typingProblems = [conversationNotFound] as const;

export const setTyping = defineRoute({
  operationId: 'setTyping',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/typing',
  access: 'typing:announce',
  summary: 'Announce that you are typing',
  description:
    'The service announces typing to the other participants and stores nothing. Repeat the request every 3 seconds while the user is typing: for the other participants, typing ends after 6 seconds without a repetition. Requests within 2 seconds of the last one succeed but are not announced. Conversations of more than 50 people have no typing announcements.',
  params: { conversationId },
  body: z.strictObject({
    typing: z.boolean().check(z.meta({ description: 'False when the user stopped typing', examples: [true] })),
  }),
  responses: { 204: null },
  problems: typingProblems,
  idempotent: 'yes',
});
