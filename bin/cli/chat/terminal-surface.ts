import type { Interface } from 'node:readline';
import { styleText } from 'node:util';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { isolated } from '../terminal-text.ts';
import type { ChatActivity, ChatSurface } from './chat-surface.ts';
import { cutToWidth, displayWidth } from './display-width.ts';
import { changeLine, messageLine, pendingLine, stateLine } from './message-line.ts';
import { activityTexts } from './message-text.ts';

export interface TerminalSurfaceOptions {
  readonly reader: Interface;
  readonly output: NodeJS.WriteStream;
  readonly title: string;
}

const prompt = '> ';
const shownPending = 5;
const standardColumns = 80;

/** Each printed message redraws the bottom rows: unsent messages, the connection and the prompt. */
export class TerminalSurface implements ChatSurface {
  readonly #options: TerminalSurfaceOptions;
  #pending: readonly PendingMessage[] = [];
  #state: ConnectionState = 'connecting';
  #activity: readonly string[] = [];
  #title: string;
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

  activity(activity: ChatActivity): void {
    this.#activity = activityTexts(activity);
    this.#print([]);
  }

  title(title: string): void {
    this.#title = title;
    this.#print([]);
  }

  note(text: string): void {
    this.#print([this.#styled('dim', isolated(text))]);
  }

  entered(line: string): void {
    if (!this.#isOpen) return;
    const width = displayWidth(prompt + line);
    // After a full row, the cursor may be on the next one. This may leave an empty row, but erases no message.
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

  /** @param cursorRow rows between the prompt's first row and the cursor. */
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
      `— ${[isolated(this.#title), stateLine(this.#state), ...this.#activity].join(' — ')} —`,
    ].map((line) => this.#styled('dim', cutToWidth(line, this.#columns - 1)));
    for (const line of lines) output.write(`${line}\n`);
    this.#rows = lines.length;
    // Resets the reader's row.
    Object.assign(reader, { prevRows: 0 });
    reader.prompt(true);
  }

  #styled(style: 'dim' | 'red', text: string): string {
    return styleText(style, text, { stream: this.#options.output });
  }
}
