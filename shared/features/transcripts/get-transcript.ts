import { type conversationNotFound, invalidCursor } from '../../contract/problems.ts';
import type { Transcript, TranscriptFormat } from '../../contract/schemas/transcript.ts';
import type { getTranscript as getTranscriptRoute } from '../../contract/transcripts/get-transcript.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { csvOf } from './csv-rules.ts';
import { htmlOf } from './html-rules.ts';
import { readPage } from './read-page.ts';
import { signedPage } from './sign-transcript.ts';
import { textOf } from './text-rules.ts';
import { type Line, withinLimit } from './transcript-rules.ts';

const pageSize = 500;

const contentTypes: Readonly<Record<TranscriptFormat, string>> = {
  json: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  signed: 'application/json',
};
const extensions: Readonly<Record<TranscriptFormat, string>> = {
  ...{ json: 'ndjson', csv: 'csv', txt: 'txt', html: 'html', signed: 'signed.json' },
};

/** The messages that the caller may see, as a file. */
export const getTranscript: UseCase<typeof getTranscriptRoute> = async (principal, input) => {
  const { conversationId, format, cursor } = input;
  const start = cursor === undefined ? { after: '0' } : decodeCursor(listOf(conversationId), cursor);
  const after = Number(start?.['after']);
  if (!Number.isSafeInteger(after)) return refuse(invalidCursor);
  const limited = await countUses(principal, [{ limit: useLimits.transcripts }]);
  if (limited !== undefined) return limited;
  if (format === 'signed') {
    const signed = await signedPage(principal, { conversationId, after, limit: pageSize });
    if (isRefusal(signed)) return signed;
    const { content, messages, next } = signed;
    const names = { fileName: fileNameOf(conversationId, format, after), contentType: contentTypes[format] };
    return { format, ...names, content, messages, nextCursor: cursorOf(conversationId, next) };
  }
  return transcriptPage(principal, { conversationId, format, after });
};

interface WantedPage {
  readonly conversationId: string;
  readonly format: Exclude<TranscriptFormat, 'signed'>;
  readonly after: number;
}

/** One page of a transcript. */
export async function transcriptPage(
  principal: Principal,
  { conversationId, format, after }: WantedPage,
): Promise<Transcript | Refusal<typeof conversationNotFound>> {
  const page = await readPage(principal, { conversationId, after, limit: pageSize });
  if (isRefusal(page)) return page;
  const lines = withinLimit(page.lines);
  const last = lines.length < page.lines.length ? lines.at(-1)?.message.seq : page.next;
  return {
    format,
    contentType: contentTypes[format],
    fileName: fileNameOf(conversationId, format, after),
    content: contentOf(format, conversationId, lines, after === 0),
    messages: lines.length,
    nextCursor: cursorOf(conversationId, last),
  };
}

function cursorOf(conversationId: string, last: number | undefined): string | null {
  return last === undefined ? null : encodeCursor(listOf(conversationId), { after: String(last) });
}

const listOf = (conversationId: string) => `transcript/${conversationId}`;

function contentOf(
  format: Exclude<TranscriptFormat, 'signed'>,
  conversationId: string,
  lines: readonly Line[],
  isFirstPage: boolean,
): Transcript['content'] {
  switch (format) {
    case 'json':
      return lines.map(({ message, sender }) => `${JSON.stringify({ ...message, sender })}\n`).join('');
    case 'csv':
      return csvOf(lines, { isFirstPage });
    case 'txt':
      return textOf(lines);
    case 'html':
      return htmlOf(lines, `Conversation ${conversationId}`);
  }
}

function fileNameOf(conversationId: string, format: TranscriptFormat, after: number): string {
  const part = after === 0 ? '' : `-after-${after}`;
  return `conversation-${conversationId}${part}.${extensions[format]}`;
}
