import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { ChatSurface } from './chat-surface.ts';
import type { OpenChat } from './conversation.ts';
import { jsonSurface } from './json-surface.ts';
import { lineSurface } from './line-surface.ts';
import { TerminalSurface } from './terminal-surface.ts';

export interface TalkOptions {
  readonly json: boolean;
  /** What `/help` shows. */
  readonly help: string;
}

export interface TalkEnd {
  readonly sessionEnded: boolean;
  /** Messages that were refused for good. */
  readonly failures: number;
}

/**
 * Talks until the person has enough: lines in are messages, messages come out. Resolves when all is closed. At the end
 * of a piped input it waits until everything is sent.
 */
export async function talk(chat: OpenChat, options: TalkOptions): Promise<TalkEnd> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !options.json;
  const reader = createInterface({
    input: process.stdin,
    terminal: isTerminal,
    ...(isTerminal ? { output: process.stdout } : {}),
  });
  const screen = isTerminal
    ? new TerminalSurface({
        reader,
        output: process.stdout,
        title: `${chat.ownName} with ${chat.otherName}`,
      })
    : undefined;
  const write = (text: string): void => void process.stdout.write(text);
  const surface: ChatSurface = screen ?? (options.json ? jsonSurface(write) : lineSurface(write));

  const underWay = new Set<Promise<void>>();
  let failures = 0;
  const send = async (text: string): Promise<void> => {
    try {
      await chat.send(text).stored;
    } catch {
      // The surface has told why.
      failures += 1;
    }
  };
  const sendLine = (line: string): void => {
    const sending = send(line).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  // Lines that come before the history is shown wait for it.
  const shown = chat.show(surface).catch((error: unknown) => {
    surface.close();
    throw error;
  });
  const quit = new AbortController();
  reader.on('line', (line) => {
    screen?.entered(line);
    const command = line.trim();
    if (command === '') return;
    if (command === '/quit') quit.abort();
    else if (command === '/help') surface.note(options.help.trim());
    else if (command === '/history') chat.showOlder().catch((error: unknown) => surface.note(String(error)));
    else void shown.then(() => sendLine(line)).catch(() => undefined);
  });
  const inputEnd = once(reader, 'close');
  process.on('SIGCONT', () => chat.wake());

  await shown;
  const end = await Promise.race([
    chat.ended.then(() => 'session' as const),
    inputEnd.then(async () => {
      while (!isTerminal && underWay.size > 0) await Promise.all(underWay);
      return 'input' as const;
    }),
    interruption(reader, quit.signal),
  ]);
  surface.close();
  if (underWay.size > 0) process.stderr.write(`Not sent: ${underWay.size} message${underWay.size === 1 ? '' : 's'}.\n`);
  reader.close();
  process.stdin.destroy();
  await chat.close();
  return { sessionEnded: end === 'session', failures };
}

/** Ctrl-C, a signal, or `/quit`. */
async function interruption(reader: Interface, quit: AbortSignal): Promise<'interrupted'> {
  await Promise.race([
    once(reader, 'SIGINT'),
    once(process, 'SIGINT'),
    once(process, 'SIGTERM'),
    once(process, 'SIGHUP'),
    once(quit, 'abort'),
  ]);
  return 'interrupted';
}
