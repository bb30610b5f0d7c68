import * as z from 'zod/mini';
import { rateLimited } from '../conversations/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { cursorParameter } from '../schemas/paging.ts';

export const transcriptFormats = ['json', 'csv', 'txt', 'html', 'signed'] as const;
export type TranscriptFormat = (typeof transcriptFormats)[number];

export const transcript = z
  .object({
    format: z.enum(transcriptFormats).check(z.meta({ examples: ['txt'] })),
    fileName: z.string().check(z.meta({ examples: ['conversation-01KAJ72Q3C8D1F4G7H0J3K6M9N.txt'] })),
    contentType: z.string().check(z.meta({ examples: ['text/plain; charset=utf-8'] })),
    content: z.string().check(z.describe('The content of the file. Append further pages of JSON lines, CSV and text.')),
    messages: z.int().check(z.describe('Number of messages in the content')),
    nextCursor: z.nullable(z.string()).check(
      z.meta({
        description: 'Send it as `cursor` to get the next page; null on the last page',
        examples: [null],
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'Transcript', description: 'Messages of a conversation as a file' });
export type Transcript = z.infer<typeof transcript>;

export const getTranscript = defineRoute({
  operationId: 'getTranscript',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/transcript',
  access: 'messages:read',
  summary: 'Get the transcript of a conversation',
  description:
    'Returns the messages that you may see, oldest first, at most 500 on a page. `json` has one message per line. `csv` is safe to open in a spreadsheet: an apostrophe precedes cells that a spreadsheet would take for a formula. `html` is a page to print. `signed` has a signature of the service for each page, and `npx switchboard verify-transcript` proves it without the service.',
  params: { conversationId },
  query: z.strictObject({
    format: z._default(z.enum(transcriptFormats).check(z.describe('The form of the file')), 'json'),
    cursor: cursorParameter,
  }),
  responses: { 200: transcript },
  problems: [conversationNotFound, invalidCursor, rateLimited],
  idempotent: 'safe',
});
