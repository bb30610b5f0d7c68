import { describe, expect, it } from 'vitest';
import type { Message } from '../../contract/schemas/message.ts';
import { csvOf } from './csv-rules.ts';
import { htmlOf } from './html-rules.ts';
import { textOf } from './text-rules.ts';
import type { Line } from './transcript-rules.ts';

const at = '2026-11-30T07:00:00.000Z';

function line(message: Partial<Message>, name?: string): Line {
  const common = { conversationId: 'c', seq: 1, senderId: 'u', clientMessageId: 'm', status: 'sent', createdAt: at };
  return {
    message: { ...common, updatedSeq: 1, type: 'text', ...message } as Message,
    sender: name === undefined ? { role: 'customer' } : { role: 'agent', name },
  };
}

const cells = (csv: string) => csv.split('\r\n').map((row) => row.split(','));

describe('a transcript as CSV', () => {
  it('has a byte order mark and a header on the first page only', () => {
    expect(csvOf([], { isFirstPage: true })).toMatch(/^\uFEFFseq,at,senderId,.*\r\n$/);
    expect(csvOf([], { isFirstPage: false })).toBe('');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\0=1', '＝1', '＋1', '－1', '＠1'])(
    'keeps a spreadsheet from computing %j',
    (text) => {
      expect(csvOf([line({ text })], { isFirstPage: false })).toContain(`,"'${text}",`);
    },
  );

  it.each([
    ['\t=1', `'\t'=1`],
    ['\r=1', `'\r'=1`],
    ['\n=1', `'\n'=1`],
    ['Hi;=1', `Hi;'=1`],
    ['Hi; "@SUM(A1)', `Hi; ""'@SUM(A1)`],
    ['Hi\n+1\t－1', `Hi\n'+1\t'－1`],
  ])('keeps a spreadsheet with other separators from computing %j', (text, cell) => {
    expect(csvOf([line({ text })], { isFirstPage: false })).toContain(`,"${cell}",`);
  });

  it('leaves text alone that begins no formula', () => {
    expect(csvOf([line({ text: 'a - b; c = d, e+f' })], { isFirstPage: false })).toContain(`,"a - b; c = d, e+f",`);
  });

  it('protects the name of an agent, too', () => {
    expect(csvOf([line({ text: 'Hello' }, '=cmd')], { isFirstPage: false })).toContain(`,"'=cmd",`);
  });

  it('quotes commas, quotes and line breaks', () => {
    const csv = csvOf([line({ text: 'a "b", c\nd' })], { isFirstPage: false });
    expect(csv).toContain(',"a ""b"", c\nd",');
    expect(cells(csvOf([line({ text: 'plain' })], { isFirstPage: false }))[0]?.[6]).toBe('plain');
  });
});

describe('a transcript as text', () => {
  it.each(['\n', '\r\n', '\r', '\u2028', '\u0085'])('indents further lines after %j', (end) => {
    const forged = `Hello${end}[${at}] Amina (agent): I agree`;
    const lines = textOf([line({ text: forged })])
      .trimEnd()
      .split(/\r\n|[\r\n\u0085\u2028]/);
    expect(lines.filter((each) => each.startsWith('['))).toHaveLength(1);
  });

  it('names agents, and says what was deleted, edited or urgent', () => {
    expect(textOf([line({ text: 'Hi', urgent: true }, 'Amina')])).toBe(`[${at}] Amina (agent) (urgent): Hi\n`);
    expect(textOf([line({ deletedAt: at })])).toBe(`[${at}] customer u: [deleted]\n`);
    expect(textOf([line({ type: 'system', system: { kind: 'changed', changed: ['subject'] } })])).toBe(
      `[${at}] customer u: [changed subject]\n`,
    );
  });
});

describe('a transcript of answers to a form', () => {
  it('has each answer with the id of its field, and files with their names, in every format', () => {
    const attachments = [{ id: 'file-1', name: 'web.log' }] as Message['attachments'];
    const answers = { host: 'web-3', users: 12, log: 'file-1' };
    const lines = [line({ type: 'form-response', answers, attachments })];
    expect(textOf(lines)).toContain(': host: web-3\n    users: 12\n    log: web.log\n    [file: web.log]\n');
    expect(csvOf(lines, { isFirstPage: false })).toContain('"host: web-3\nusers: 12\nlog: web.log\n[file: web.log]"');
    expect(htmlOf(lines, 'Form')).toContain('host: web-3');
  });
});

describe('a transcript as HTML', () => {
  it('escapes everything that people wrote', () => {
    const html = htmlOf([line({ text: `<script>alert("1")</script>&'` }, '<b>Amina</b>')], 'A & B');
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
    expect(html).toContain('<title>A &amp; B</title>');
  });

  it('gives each text its own direction and loads nothing', () => {
    const html = htmlOf([line({ text: 'שלום' })], 'Conversation');
    expect(html).toContain('<p dir="auto">שלום</p>');
    expect(html).toContain(`default-src 'none'`);
    expect(html).not.toMatch(/src=|href=/);
  });
});
