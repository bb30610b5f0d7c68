import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { reportOf } from '../command-failure.ts';
import { chatCommands, commandHelp } from './chat-commands.ts';
import type { ChatSurface } from './chat-surface.ts';
import type { OpenChat } from './conversation.ts';
import { jsonSurface } from './json-surface.ts';
import { lineSurface } from './line-surface.ts';
import { Outgoing } from './outgoing.ts';
import { TerminalSurface } from './terminal-surface.ts';

export interface TalkOptions {
  readonly json: boolean;
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
  process.on('SIGCONT', () => chat.client.wake());
  if (isTerminal) tellTyping(reader, chat);

  const outgoing = new Outgoing();
  let last: Promise<void> = Promise.resolve();
  const surface = surfaceFor(reader, isTerminal, chat, options);
  try {
    const shown = chat.show(surface);
    const work = { chat, outgoing, surface, isTerminal, quit: () => quit.abort() };
    // Lines that come before the history is shown wait for it, and each for those before it.
    last = shown;
    reader.on('line', (line) => {
      if (surface instanceof TerminalSurface) surface.entered(line);
      last = last.then(() => take(work, line)).catch(() => undefined);
    });
    await Promise.race([shown, interrupted]);
    const sessionEnded = await Promise.race([
      chat.ended.then(() => true),
      inputEnd
        .then(() => (isTerminal ? undefined : last.then(() => outgoing.done()).then(() => chat.settled())))
        .then(() => false),
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

interface Work {
  readonly chat: OpenChat;
  readonly outgoing: Outgoing;
  readonly surface: ChatSurface;
  readonly isTerminal: boolean;
  readonly quit: () => void;
}

/** Does what a line says: a command, or else it is a message. */
async function take({ chat, outgoing, surface, isTerminal, quit }: Work, line: string): Promise<void> {
  if (line.trim() === '') return;
  const [, word, rest = ''] = /^\/([a-z]+)(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  try {
    if (word === 'quit') return quit();
    if (word === 'help') return surface.note(commandHelp());
    // A program that writes its lines at once means the messages of before; a person sees what there is.
    if (word !== undefined && !isTerminal) await outgoing.done();
    if (word === 'leave') {
      await chat.client.groups.leave(chat.conversationId);
      return quit();
    }
    const command = word !== undefined && Object.hasOwn(chatCommands, word) ? chatCommands[word] : undefined;
    if (command !== undefined) {
      const sending = await command.run(chat, rest);
      if (sending !== undefined) outgoing.add(sending);
    } else if (word !== undefined && isTerminal) {
      // A person has mistyped; what comes from a program is its text.
      surface.note(`There is no command /${word}; /help shows them. To send the line, write //${word}`);
    } else {
      outgoing.add(chat.client.messages.send(chat.conversationId, line.startsWith('//') ? line.slice(1) : line));
    }
  } catch (error) {
    outgoing.failed();
    surface.note(reportOf(error).text);
  }
}

/** Tells the others that something is being written. */
function tellTyping(reader: Interface, chat: OpenChat): void {
  process.stdin.on('keypress', () => {
    // The reader takes the key after this.
    setImmediate(() => {
      if (reader.line !== '' && !reader.line.startsWith('/')) chat.client.receipts.typing(chat.conversationId);
    });
  });
}

function surfaceFor(reader: Interface, isTerminal: boolean, chat: OpenChat, options: TalkOptions): ChatSurface {
  if (isTerminal) {
    return new TerminalSurface({ reader, output: process.stdout, title: chat.title });
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
