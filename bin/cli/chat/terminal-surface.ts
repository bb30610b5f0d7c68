import type { Interface } from 'node:readline';
import { styleText } from 'node:util';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { isolated } from '../terminal-text.ts';
import type { ChatSurface, Surroundings } from './chat-surface.ts';
import { cutToWidth, displayWidth } from './display-width.ts';
import { changeLine, messageLine, pendingLine, stateLine } from './message-line.ts';
import { surroundingWords } from './message-words.ts';

export interface TerminalSurfaceOptions {
  readonly reader: Interface;
  readonly output: NodeJS.WriteStream;
  /** Who talks to whom. */
  readonly title: string;
}

const prompt = '> ';
/** What is on its way is shown above the prompt; of more than these, the number. */
const shownPending = 5;
const standardColumns = 80;

/**
 * A chat on a terminal. Messages scroll by; below them stay what is on its way, the state of the connection, and the
 * prompt with what is being typed, which is drawn anew whenever something is printed above it.
 */
export class TerminalSurface implements ChatSurface {
  readonly #options: TerminalSurfaceOptions;
  #pending: readonly PendingMessage[] = [];
  #state: ConnectionState = 'connecting';
  #around: readonly string[] = [];
  #title: string;
  /** Rows between the last message and the prompt, as they were drawn. */
  #rows = 0;
  #isOpen = true;

  constructor(options: TerminalSurfaceOptions) {
    this.#options = options;
    this.#title = options.title;
    options.reader.setPrompt(prompt);
    this.#draw();
  }

  history(messages: Parameters<ChatSurface['history']>[0]): void {
    this.#print(messages.map(messageLine));
  }

  message(shown: Parameters<ChatSurface['message']>[0]): void {
    this.#print([messageLine(shown)]);
  }

  changed(shown: Parameters<ChatSurface['changed']>[0]): void {
    this.#print([this.#styled('dim', changeLine(shown))]);
  }

  pending(pending: readonly PendingMessage[]): void {
    this.#pending = pending;
    this.#print([]);
  }

  failed(message: PendingMessage): void {
    this.#print([this.#styled('red', pendingLine(message))]);
  }

  state(state: ConnectionState): void {
    this.#state = state;
    this.#print([]);
  }

  around(surroundings: Surroundings): void {
    this.#around = surroundingWords(surroundings);
    this.#print([]);
  }

  title(title: string): void {
    this.#title = title;
    this.#print([]);
  }

  note(text: string): void {
    this.#print([this.#styled('dim', isolated(text))]);
  }

  /** A line was entered: takes it away, since it comes back as a message. */
  entered(line: string): void {
    if (!this.#isOpen) return;
    const width = displayWidth(prompt + line);
    // A line that fills its row exactly may or may not have begun another: rather leave a row too many than lose one.
    this.#erase(Math.ceil(width / this.#columns));
    this.#draw();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#erase(this.#options.reader.getCursorPos().rows);
    this.#isOpen = false;
  }

  get #columns(): number {
    return this.#options.output.columns || standardColumns;
  }

  #print(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    this.#erase(this.#options.reader.getCursorPos().rows);
    for (const line of lines) this.#options.output.write(`${line}\n`);
    this.#draw();
  }

  /** Clears what stays below the messages. The cursor is so many rows below the first row of the prompt. */
  #erase(cursorRow: number): void {
    const up = this.#rows + cursorRow;
    this.#options.output.write(`\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[J`);
    this.#rows = 0;
  }

  #draw(): void {
    const { reader, output } = this.#options;
    const hidden = this.#pending.length - shownPending;
    const lines = [
      ...this.#pending.slice(0, shownPending).map(pendingLine),
      ...(hidden > 0 ? [`… and ${hidden} more`] : []),
      `— ${[isolated(this.#title), stateLine(this.#state), ...this.#around].join(' — ')} —`,
    ].map((line) => this.#styled('dim', cutToWidth(line, this.#columns - 1)));
    for (const line of lines) output.write(`${line}\n`);
    this.#rows = lines.length;
    // The reader believes the cursor where it left it; it now is on the prompt's first row.
    Object.assign(reader, { prevRows: 0 });
    reader.prompt(true);
  }

  #styled(style: 'dim' | 'red', text: string): string {
    return styleText(style, text, { stream: this.#options.output });
  }
}
