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
  readonly failures: number;
}

/** Runs until the user quits or the session ends. At the end of a piped input, waits until everything is sent. */
export async function talk(chat: OpenChat, options: TalkOptions): Promise<TalkEnd> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !options.json;
  const reader = createInterface({
    input: process.stdin,
    terminal: isTerminal,
    ...(isTerminal ? { output: process.stdout } : {}),
  });
  // The input may end, or the user may quit, while the history loads.
  const quit = new AbortController();
  const interrupted = interruption(reader, quit.signal);
  const inputEnd = once(reader, 'close');
  process.on('SIGCONT', () => chat.client.wake());
  if (isTerminal) announceTyping(reader, chat);

  const outgoing = new Outgoing();
  let lastLine: Promise<void> = Promise.resolve();
  const surface = surfaceFor(reader, isTerminal, chat, options);
  try {
    const shown = chat.show(surface);
    const context = { chat, outgoing, surface, isTerminal, quit: () => quit.abort() };
    // Lines wait for the history and keep their order.
    lastLine = shown;
    reader.on('line', (line) => {
      if (surface instanceof TerminalSurface) surface.entered(line);
      lastLine = lastLine.then(() => processLine(context, line)).catch(() => undefined);
    });
    await Promise.race([shown, interrupted]);
    const sessionEnded = await Promise.race([
      chat.ended.then(() => true),
      inputEnd
        .then(() => (isTerminal ? undefined : lastLine.then(() => outgoing.done()).then(() => chat.settled())))
        .then(() => false),
      interrupted.then(() => false),
    ]);
    return { sessionEnded, failures: outgoing.failures };
  } finally {
    surface.close();
    const unsent = outgoing.underWay;
    if (unsent > 0) process.stderr.write(`Not sent: ${unsent} message${unsent === 1 ? '' : 's'}.\n`);
    reader.close();
    process.stdin.destroy();
    await chat.close();
  }
}

interface LineContext {
  readonly chat: OpenChat;
  readonly outgoing: Outgoing;
  readonly surface: ChatSurface;
  readonly isTerminal: boolean;
  readonly quit: () => void;
}

async function processLine({ chat, outgoing, surface, isTerminal, quit }: LineContext, line: string): Promise<void> {
  if (line.trim() === '') return;
  const [, word, rest = ''] = /^\/([a-z]+)(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  try {
    if (word === 'quit') return quit();
    if (word === 'help') return surface.note(commandHelp());
    // Piped commands need the messages of earlier lines to be stored.
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
      // In piped input, this is a text.
      surface.note(`Unknown command /${word}. Type /help for all commands, or //${word} to send the text.`);
    } else {
      outgoing.add(chat.client.messages.send(chat.conversationId, line.startsWith('//') ? line.slice(1) : line));
    }
  } catch (error) {
    outgoing.failed();
    surface.note(reportOf(error).text);
  }
}

function announceTyping(reader: Interface, chat: OpenChat): void {
  process.stdin.on('keypress', () => {
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
