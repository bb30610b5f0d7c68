import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { messagesIn } from '../../../shared/client/chat-state-rules.ts';
import type { Desk } from '../../../shared/client/desk.ts';
import type { QueueView } from '../../../shared/client/queue-view.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import type { SentMessage } from '../../../shared/client/sent.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { messageLine } from '../chat/message-line.ts';
import type { People } from '../chat/people.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { isolated } from '../terminal-text.ts';
import { queueLine } from './queue-line.ts';

const historyLength = 20;

export interface DeskSessionOptions {
  readonly client: ChatClient;
  readonly desk: Desk;
  readonly people: People;
  readonly view: QueueView;
  readonly write: (line: string) => void;
}

/** The list and the open conversation of an agent at the terminal. */
export class DeskSession {
  readonly client: ChatClient;
  readonly desk: Desk;
  readonly people: People;
  readonly write: (line: string) => void;
  view: QueueView;
  #listed: readonly string[] = [];
  #openId: string | undefined;
  #refused: { readonly conversationId: string; readonly localId: string } | undefined;
  #showing: Promise<void> = Promise.resolve();
  #isOffline = false;
  #inView: ReadonlySet<string> = new Set();

  constructor({ client, desk, people, view, write }: DeskSessionOptions) {
    this.client = client;
    this.desk = desk;
    this.people = people;
    this.view = view;
    this.write = write;
    client.on('message', (message) => message.conversationId === this.#openId && this.#show([message]));
    desk.on('view', (changed) => changed === this.view && this.#announce());
    client.on('connection', (connection) => {
      if (connection === 'disconnected' && !this.#isOffline) write('No connection. The list may be out of date.');
      if (connection === 'connected' && this.#isOffline) write('Connected again.');
      if (connection === 'disconnected' || connection === 'connected') this.#isOffline = connection === 'disconnected';
    });
    desk.on('urgent', ({ conversationId, step }) => {
      // The bell is audible, and each step of the escalation rings it again.
      const ring = process.stdout.isTTY ? '\u0007' : '';
      const repeated = step === undefined || step <= 1 ? '' : `, alert ${step}`;
      const number = this.numberOf(conversationId);
      write(`${ring}URGENT${repeated}: conversation ${number}. Type: take ${number}, or ack ${number}.`);
    });
  }

  get conversation(): Conversation {
    const found = this.client.knownConversations().find(({ id }) => id === this.#openId);
    if (found !== undefined) return found;
    throw new CommandFailure(exitCodes.usage, 'No conversation is open. Type: list, then open <number>.');
  }

  /** The number in the last list. A conversation that was not in it gets the next one. */
  numberOf(conversationId: string): number {
    if (!this.#listed.includes(conversationId)) this.#listed = [...this.#listed, conversationId];
    return this.#listed.indexOf(conversationId) + 1;
  }

  async list(): Promise<void> {
    const { items, hasMore } = this.view;
    this.#listed = items.map(({ id }) => id);
    this.#inView = new Set(this.#listed);
    await this.people.load(items.flatMap(({ customerId, assigneeId }) => [customerId ?? '', assigneeId ?? '']));
    if (items.length === 0) this.write('The list is empty.');
    for (const item of items) this.write(this.#lineOf(item));
    if (hasMore) this.write('There are more. Type: more.');
  }

  /** @param number of the last list; empty for the open conversation. */
  idOf(number: string): string {
    if (number === '') return this.conversation.id;
    const id = this.#listed[Number(number) - 1];
    if (id !== undefined) return id;
    throw new CommandFailure(exitCodes.usage, `The list has no conversation ${number}. Type: list.`);
  }

  async open(conversationId: string): Promise<void> {
    const timeline = await this.client.open(conversationId, { limit: historyLength });
    this.#openId = conversationId;
    const { conversation } = this;
    const { status = 'waiting', subject } = conversation;
    this.write(
      `Conversation ${this.numberOf(conversationId)}, ${status}${subject === undefined ? '' : `: ${isolated(subject)}`}`,
    );
    this.#show(messagesIn(this.client.state, timeline.conversationId));
    await this.#showing;
  }

  async reply(text: string): Promise<void> {
    const { id } = this.conversation;
    await this.#send(id, this.desk.reply(id, text));
  }

  async replyAnyway(): Promise<void> {
    const refused = this.#refused;
    this.#refused = undefined;
    const sent = refused && this.desk.replyAnyway(refused.conversationId, refused.localId);
    if (refused === undefined || sent === undefined) {
      throw new CommandFailure(exitCodes.usage, 'No reply waits for your confirmation.');
    }
    await this.#send(refused.conversationId, sent);
  }

  settled(): Promise<void> {
    return this.#showing;
  }

  /** Conversations that came into the list since it was shown. Others keep their numbers. */
  #announce(): void {
    const added = this.view.items.filter(({ id }) => !this.#inView.has(id));
    this.#inView = new Set(this.view.items.map(({ id }) => id));
    this.#showing = this.#showing
      .then(() => this.people.load(added.flatMap(({ customerId, assigneeId }) => [customerId ?? '', assigneeId ?? ''])))
      .then(() => {
        for (const item of added) this.write(`New: ${this.#lineOf(item)}`);
      });
  }

  #lineOf(conversation: Conversation): string {
    const number = this.numberOf(conversation.id);
    return queueLine(number, conversation, (userId) => this.#nameOf(userId), Date.now());
  }

  /** Users have names. Guests are not in the directory. */
  #nameOf(userId: string): string {
    return this.people.nameOf(userId, 'Guest');
  }

  async #send(conversationId: string, sent: SentMessage): Promise<void> {
    try {
      await sent.stored;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.problem.code !== 'NEWER_REPLY') {
        this.client.messages.discard(conversationId, sent.localId);
        throw error;
      }
      this.#refused = { conversationId, localId: sent.localId };
      const text = 'A colleague has replied in the meantime. To send your reply anyway, type: confirm.';
      throw new CommandFailure(exitCodes.refused, text);
    }
  }

  #show(messages: readonly Message[]): void {
    const userIds = messages.map(({ senderId }) => senderId);
    this.#showing = this.#showing
      .then(() => this.people.load(userIds))
      .then(() => {
        const { user } = this.client;
        const nameOf = (userId: string): string => (userId === user.id ? 'you' : this.#nameOf(userId));
        for (const message of messages) {
          const own = message.senderId === user.id;
          this.write(messageLine({ message, own, from: this.#nameOf(message.senderId), nameOf, isNumbered: false }));
        }
        const newest = messages.at(-1);
        if (newest !== undefined) this.client.receipts.markRead(newest.conversationId, newest.seq);
      });
  }
}
