import * as z from 'zod/mini';
import { rateLimited } from '../conversations/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { cursorParameter } from '../schemas/paging.ts';
import { transcript, transcriptFormats } from '../schemas/transcript.ts';

export const getTranscript = defineRoute({
  operationId: 'getTranscript',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/transcript',
  access: 'messages:read',
  summary: 'Get the transcript of a conversation',
  description:
    'Returns the messages that you may see, oldest first, at most 500 on a page. `json` has one message per line. `csv` is safe to open in a spreadsheet: an apostrophe precedes cells that a spreadsheet would take for a formula. `html` is a page to print. `signed` has a signature of the service for each page, and `npx switchboard verify-transcript` verifies it without the service.',
  params: { conversationId },
  query: z.strictObject({
    format: z._default(z.enum(transcriptFormats).check(z.describe('The form of the file')), 'json'),
    cursor: cursorParameter,
  }),
  responses: { 200: transcript },
  problems: [conversationNotFound, invalidCursor, rateLimited],
  idempotent: 'safe',
});
