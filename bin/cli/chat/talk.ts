import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { ChatSurface } from './chat-surface.ts';
import type { OpenChat } from './conversation.ts';
import { jsonSurface } from './json-surface.ts';
import { lineSurface } from './line-surface.ts';
import { Outgoing } from './outgoing.ts';
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
  // Heard from the first moment on, since a pipe may have ended and a person lost patience before anything is shown.
  const quit = new AbortController();
  const interrupted = interruption(reader, quit.signal);
  const inputEnd = once(reader, 'close');
  process.on('SIGCONT', () => chat.wake());

  const outgoing = new Outgoing(chat);
  const surface = surfaceFor(reader, isTerminal, chat, options);
  try {
    const shown = chat.show(surface);
    reader.on('line', (line) => {
      if (surface instanceof TerminalSurface) surface.entered(line);
      const command = line.trim();
      if (command === '') return;
      if (command === '/quit') quit.abort();
      else if (command === '/help') surface.note(options.help);
      else if (command === '/history') chat.showOlder().catch((error: unknown) => surface.note(String(error)));
      // Lines that come before the history is shown wait for it.
      else shown.then(() => outgoing.send(line)).catch(() => undefined);
    });
    await Promise.race([shown, interrupted]);
    const sessionEnded = await Promise.race([
      chat.ended.then(() => true),
      inputEnd.then(() => (isTerminal ? undefined : outgoing.done())).then(() => false),
      interrupted.then(() => false),
    ]);
    return { sessionEnded, failures: outgoing.failures };
  } finally {
    surface.close();
    const left = outgoing.underWay;
    if (left > 0) process.stderr.write(`Not sent: ${left} message${left === 1 ? '' : 's'}.\n`);
    reader.close();
    process.stdin.destroy();
    await chat.close();
  }
}

function surfaceFor(reader: Interface, isTerminal: boolean, chat: OpenChat, options: TalkOptions): ChatSurface {
  if (isTerminal) {
    return new TerminalSurface({ reader, output: process.stdout, title: `${chat.ownName} with ${chat.otherName}` });
  }
  const write = (text: string): void => void process.stdout.write(text);
  return options.json ? jsonSurface(write) : lineSurface(write);
}

/** Ctrl-C, a signal, or `/quit`. */
async function interruption(reader: Interface, quit: AbortSignal): Promise<void> {
  await Promise.race([
    once(reader, 'SIGINT'),
    once(process, 'SIGINT'),
    once(process, 'SIGTERM'),
    once(process, 'SIGHUP'),
    once(quit, 'abort'),
  ]);
}
