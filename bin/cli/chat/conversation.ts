import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { conversationsOf, messagesIn, presenceIn, typingIn } from '../../../shared/client/chat-state-rules.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import { messagesOf, type Timeline } from '../../../shared/client/timeline.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { ChatSurface, ShownMessage, Surroundings } from './chat-surface.ts';
import type { People } from './people.ts';

const historyLength = 20;
/** Of more people it is not asked who is there. */
const mostWatched = 50;

/** A conversation from the side of one who takes part. */
export class OpenChat {
  readonly client: ChatClient;
  readonly people: People;
  readonly conversationId: string;
  /** Resolves if the session ends without having been asked to. */
  readonly ended: Promise<void>;
  /** Whether messages are shown with their numbers. */
  isNumbered = false;
  readonly #conversation: Conversation;
  #surface: ChatSurface | undefined;
  #oldestShown = Infinity;
  #showing: Promise<void> = Promise.resolve();
  #around = '';
  #title = '';

  constructor(client: ChatClient, people: People, conversation: Conversation) {
    this.client = client;
    this.people = people;
    this.conversationId = conversation.id;
    this.#conversation = conversation;
    this.ended = new Promise<void>((resolve) => client.on('ended', () => resolve()));
  }

  /** As it is known now. */
  get conversation(): Conversation {
    return conversationsOf(this.client.state).find(({ id }) => id === this.conversationId) ?? this.#conversation;
  }

  get otherIds(): readonly string[] {
    return this.conversation.participants.flatMap(({ userId }) => (userId === this.client.user.id ? [] : [userId]));
  }

  /** `Ann Archer with Bob Baker`, or `Harbour (3)`. */
  get title(): string {
    const { kind, name, participants } = this.conversation;
    if (kind === 'group') return `${name ?? 'a group'} (${participants.length})`;
    const own = this.people.nameOf(this.client.user.id);
    return `${own} with ${this.otherIds.map((userId) => this.people.nameOf(userId)).join()}`;
  }

  /** The messages that are known, with how far they have come. */
  get messages(): readonly Message[] {
    return messagesIn(this.client.state, this.conversationId);
  }

  /** Shows the history and everything from then on. */
  async show(on: ChatSurface): Promise<void> {
    const { client, conversationId } = this;
    this.#surface = on;
    this.#title = this.title;
    on.state(client.connection);
    client.on('connection', (state) => on.state(state));
    const timeline = await client.open(conversationId, { limit: historyLength });
    const messages = messagesOf(timeline);
    this.#oldestShown = messages[0]?.seq ?? Infinity;
    this.#soon(messages, () => {
      on.history(messages.map((message) => this.#shown(message)));
      this.#read(messages);
    });
    // Nothing can have come since the history: no event is taken before this function has returned.
    client.on('message', (message) => {
      this.#soon([message], () => {
        on.message(this.#shown(message));
        this.#read([message]);
      });
    });
    client.on('message-changed', (message) => this.#soon([message], () => on.changed(this.#shown(message))));
    let { pending } = timeline;
    client.on('timeline', (changed) => {
      if (changed.pending === pending) return;
      pending = changed.pending;
      showPending(client, on, changed);
    });
    client.on('change', () => this.#look(on));
    if (this.otherIds.length <= mostWatched) client.presence.watch(this.otherIds);
    await this.#showing;
  }

  /** Resolves once everything that has come is shown. */
  settled(): Promise<void> {
    return this.#showing;
  }

  /** Shows older messages than those shown so far. */
  async showOlder(): Promise<void> {
    const { client, conversationId } = this;
    await client.loadOlder(conversationId, { limit: historyLength });
    const timeline = client.timeline(conversationId);
    const older = timeline === undefined ? [] : messagesOf(timeline).filter(({ seq }) => seq < this.#oldestShown);
    this.#oldestShown = older[0]?.seq ?? this.#oldestShown;
    if (older.length === 0) this.#surface?.note('There are no older messages.');
    else this.#soon(older, () => this.#surface?.history(older.map((message) => this.#shown(message))));
  }

  note(text: string): void {
    this.#surface?.note(text);
  }

  /** A session that cannot be ended now ends by itself some day; nobody waits for it. */
  async close(): Promise<void> {
    await this.client.logout().catch(() => undefined);
  }

  /** Shows messages once the names of all in them are known, one after the other. */
  #soon(messages: readonly Message[], show: () => void): void {
    this.#showing = this.#showing.then(() => this.people.know(messages.flatMap(peopleOf))).then(show);
  }

  #shown(message: Message): ShownMessage {
    const { people, client, isNumbered } = this;
    const nameOf = (userId: string): string => (userId === client.user.id ? 'you' : people.nameOf(userId));
    const own = message.senderId === client.user.id;
    return { message, own, from: people.nameOf(message.senderId), nameOf, isNumbered };
  }

  /** What is shown counts as read. */
  #read(messages: readonly Message[]): void {
    const newest = messages.findLast(({ senderId }) => senderId !== this.client.user.id);
    if (newest !== undefined) this.client.receipts.markRead(this.conversationId, newest.seq);
  }

  #look(on: ChatSurface): void {
    const { title } = this;
    if (title !== this.#title) on.title(title);
    this.#title = title;
    const around = this.#surroundings();
    const words = JSON.stringify(around);
    if (words === this.#around) return;
    this.#around = words;
    on.around(around);
  }

  #surroundings(): Surroundings {
    const { client, people, conversationId, otherIds } = this;
    const lastOwn = this.messages.findLast(({ senderId, type }) => senderId === client.user.id && type !== 'system');
    return {
      typing: typingIn(client.state, conversationId, Date.now()).map((userId) => people.nameOf(userId)),
      presence: otherIds.flatMap((userId) => {
        const presence = presenceIn(client.state, userId);
        return presence === undefined ? [] : [{ ...presence, name: people.nameOf(userId) }];
      }),
      others: otherIds.length,
      ...(lastOwn === undefined ? {} : { lastOwn: { seq: lastOwn.seq, status: lastOwn.status } }),
    };
  }
}

/** Everybody whom a message names in some way. */
function peopleOf({ senderId, system, mentions, reactions }: Message): readonly string[] {
  const inSystemMessage = [
    ...(system?.userIds ?? []),
    ...(system?.successorId === undefined ? [] : [system.successorId]),
  ];
  return [senderId, ...inSystemMessage, ...(mentions ?? []), ...(reactions ?? []).flatMap(({ userIds }) => userIds)];
}

/** What was refused for good is shown once, and given up. */
function showPending(client: ChatClient, surface: ChatSurface, { conversationId, pending }: Timeline): void {
  const isFailed = ({ state }: PendingMessage): boolean => state === 'failed';
  surface.pending(pending.filter((message) => !isFailed(message)));
  for (const message of pending.filter(isFailed)) {
    surface.failed(message);
    client.messages.discard(conversationId, message.localId);
  }
}
