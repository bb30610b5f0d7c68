import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';

/** Refusals of typing, the same over HTTP and WebSocket. */
export const typingProblems = [conversationNotFound] as const;

export const setTyping = defineRoute({
  operationId: 'setTyping',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/typing',
  access: 'guest',
  summary: 'Say that you are typing, or have stopped',
  description:
    'Nothing is stored. Repeat it every 3 seconds while typing goes on: for the others it ends after 6 seconds without a repetition. More often than every 2 seconds it is answered, and not passed on; nor is it in conversations of more than 50 people.',
  params: { conversationId },
  body: z.strictObject({
    typing: z.boolean().check(z.meta({ description: 'False when it has stopped', examples: [true] })),
  }),
  responses: { 204: null },
  problems: typingProblems,
  idempotent: 'yes',
});
