import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import type { ShownMessage } from '../../../bin/cli/chat/chat-surface.ts';
import { TerminalSurface } from '../../../bin/cli/chat/terminal-surface.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import { keyboard, TerminalScreen } from './terminal-screen.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

function chatOn(columns: number) {
  const keys = keyboard();
  const screen = new TerminalScreen(columns);
  const output = screen as unknown as NodeJS.WriteStream;
  const reader = createInterface({ input: keys, output, terminal: true });
  opened.push(() => reader.close());
  const surface = new TerminalSurface({ reader, output, title: 'Ann with Bo' });
  reader.on('line', (line) => surface.entered(line));
  surface.state('connected');
  const type = async (text: string) => {
    const processed = text.endsWith('\r') ? once(reader, 'line') : once(keys, 'keypress');
    keys.write(text);
    await processed;
    // Other listeners redraw the screen.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { surface, type, rows: () => screen.rows, reader };
}

function message(text: string, own = false): ShownMessage {
  const createdAt = new Date().toISOString();
  const common = { conversationId: 'c', seq: 1, senderId: 's', clientMessageId: 'm', updatedSeq: 1 } as const;
  return {
    message: { ...common, type: 'text', text, status: 'sent', createdAt },
    from: 'Bo',
    own,
    nameOf: (userId) => userId,
    isNumbered: false,
  };
}

function pending(text: string, more: Partial<PendingMessage> = {}): PendingMessage {
  const ids = { localId: text, clientMessageId: text, conversationId: 'c' };
  const task = { kind: 'message', message: { type: 'text', text } } as const;
  return { ...ids, task, order: 1, writtenAt: Date.now(), state: 'sending', uncertain: false, ...more };
}

const withoutTime = (rows: readonly string[]) => rows.map((row) => row.replace(/^\d\d:\d\d /, ''));
const status = '— Ann with Bo — connected —';

describe('a chat on a terminal', () => {
  it('shows messages above the state of the connection and the prompt', () => {
    const { surface, rows } = chatOn(60);
    surface.history([message('Hello'), message('Hi', true)]);
    surface.message(message('How are you?'));
    expect(withoutTime(rows())).toEqual(['Bo: Hello', '✓ You: Hi', 'Bo: How are you?', status, '>']);
  });

  it('keeps a half-typed line of several rows when a message arrives', async () => {
    const { surface, type, rows } = chatOn(32);
    await type('a line that goes beyond the end of this narrow terminal');
    surface.message(message('interrupting'));
    expect(withoutTime(rows())).toEqual([
      'Bo: interrupting',
      status,
      '> a line that goes beyond the en',
      'd of this narrow terminal',
    ]);
    surface.message(message('again'));
    expect(withoutTime(rows()).slice(0, 3)).toEqual(['Bo: interrupting', 'Bo: again', status]);
  });

  it('erases all rows of an entered line, which appears again as a message', async () => {
    for (const text of ['short', 'a line that goes beyond the end of this narrow terminal']) {
      const { surface, type, rows } = chatOn(32);
      surface.message(message('before'));
      await type(`${text}\r`);
      expect(withoutTime(rows())).toEqual(['Bo: before', status, '>']);
    }
  });

  it('erases no message when a line exactly fills its row', async () => {
    const { surface, type, rows } = chatOn(32);
    surface.message(message('before'));
    await type(`${'x'.repeat(30)}\r`);
    expect(withoutTime(rows())[0]).toBe('Bo: before');
    expect(withoutTime(rows()).slice(-2)).toEqual([status, '>']);
  });

  it('marks unsent messages until they are stored or rejected', () => {
    const { surface, rows } = chatOn(80);
    const throttled = { title: 'Too many messages', retryable: true, retryAfterMs: 1500 };
    const problem = throttled as NonNullable<PendingMessage['problem']>;
    surface.pending([pending('one', { state: 'queued', problem }), pending('two', { state: 'queued' })]);
    expect(withoutTime(rows())).toEqual([
      '… You: one (Too many messages; retried automatically in 2 s)',
      '… You: two',
      status,
      '>',
    ]);
    surface.pending([pending('two')]);
    surface.message(message('one', true));
    surface.failed(pending('two', { state: 'failed', problem: { ...problem, title: 'No such conversation' } }));
    surface.pending([]);
    expect(withoutTime(rows())).toEqual(['✓ You: one', '! You: two (No such conversation)', status, '>']);
  });

  it('shows the status of the last message, typing and presence below the messages', () => {
    const { surface, rows } = chatOn(100);
    const bo = { userId: 'bo', name: 'Bo', status: 'away' } as const;
    surface.activity({ typing: ['Bo'], presence: [bo], others: 1, lastOwn: { seq: 3, status: 'read' } });
    expect(rows()).toEqual([
      '— Ann with Bo — connected — your last message is read — Bo is typing — Bo is away —',
      '>',
    ]);
    const cy = { userId: 'cy', name: 'Cy', status: 'online' } as const;
    surface.activity({ typing: ['Bo', 'Cy'], presence: [bo, cy], others: 3, lastOwn: { seq: 3, status: 'sent' } });
    surface.title('Harbour (4)');
    expect(rows()).toEqual(['— Harbour (4) — connected — Bo and Cy are typing — 1 of 3 others online —', '>']);
    surface.activity({ typing: [], presence: [], others: 3 });
    expect(rows()).toEqual(['— Harbour (4) — connected —', '>']);
  });

  it('counts messages that do not fit, and cuts lines that are too long', () => {
    const { surface, rows } = chatOn(30);
    const texts = ['a'.repeat(50), ...Array.from({ length: 7 }, (_, index) => `message ${index}`)];
    surface.pending(texts.map((text) => pending(text)));
    expect(withoutTime(rows())).toHaveLength(8);
    expect(rows()[0]).toMatch(/a…$/);
    expect(rows().slice(-3)).toEqual(['… and 3 more', status, '>']);
    surface.pending([]);
    expect(rows()).toEqual([status, '>']);
  });

  it('leaves only the messages after it is closed', () => {
    const { surface, rows } = chatOn(60);
    surface.message(message('Hello'));
    surface.close();
    surface.message(message('too late'));
    expect(withoutTime(rows())).toEqual(['Bo: Hello', '']);
  });
});
