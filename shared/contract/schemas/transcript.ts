import * as z from 'zod/mini';

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
