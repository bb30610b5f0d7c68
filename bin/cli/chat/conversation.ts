import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { conversationsOf, messagesIn, presenceIn, typingIn } from '../../../shared/client/chat-state-rules.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import { helpStateIn, type HelpState } from '../../../shared/client/support.ts';
import { messagesOf, type Timeline } from '../../../shared/client/timeline.ts';
import type { Guest } from '../../../shared/contract/schemas/guest.ts';
import type { User } from '../../../shared/contract/schemas/user.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { ChatActivity, ChatSurface, ShownMessage } from './chat-surface.ts';
import type { People } from './people.ts';

const historyLength = 20;
/** Above this number of other participants, the chat shows no presence. */
const mostWatched = 50;

export class OpenChat {
  readonly client: ChatClient<User | Guest>;
  readonly people: People;
  readonly conversationId: string;
  /** Resolves if the session ends without a logout. */
  readonly ended: Promise<void>;
  isNumbered = false;
  readonly #conversation: Conversation;
  #surface: ChatSurface | undefined;
  #oldestShown = Infinity;
  #showing: Promise<void> = Promise.resolve();
  #activity = '';
  #title = '';

  constructor(client: ChatClient<User | Guest>, people: People, conversation: Conversation) {
    this.client = client;
    this.people = people;
    this.conversationId = conversation.id;
    this.#conversation = conversation;
    this.ended = new Promise<void>((resolve) => client.on('ended', () => resolve()));
  }

  get conversation(): Conversation {
    return conversationsOf(this.client.state).find(({ id }) => id === this.conversationId) ?? this.#conversation;
  }

  get otherIds(): readonly string[] {
    return this.conversation.participants.flatMap(({ userId }) => (userId === this.client.user.id ? [] : [userId]));
  }

  get title(): string {
    const { kind, name, participants } = this.conversation;
    if (kind === 'group') return `${name ?? 'a group'} (${participants.length})`;
    if (kind === 'support') return `support, ${this.#statusText()}`;
    const own = this.people.nameOf(this.client.user.id);
    return `${own} with ${this.otherIds.map((userId) => this.people.nameOf(userId)).join()}`;
  }

  #statusText(): string {
    const { status = 'waiting', assigneeName } = this.conversation;
    return status === 'active' && assigneeName !== undefined ? `with ${assigneeName}` : status;
  }

  get messages(): readonly Message[] {
    return messagesIn(this.client.state, this.conversationId);
  }

  async show(surface: ChatSurface): Promise<void> {
    const { client, conversationId } = this;
    this.#surface = surface;
    this.#title = this.title;
    surface.state(client.connection);
    client.on('connection', (state) => surface.state(state));
    const timeline = await client.open(conversationId, { limit: historyLength });
    const messages = messagesOf(timeline);
    this.#oldestShown = messages[0]?.seq ?? Infinity;
    this.#enqueue(messages, () => {
      surface.history(messages.map((message) => this.#shown(message)));
      this.#markRead(messages);
    });
    // No message can arrive in between: the client emits no event until this function awaits.
    client.on('message', (message) => {
      this.#enqueue([message], () => {
        surface.message(this.#shown(message));
        this.#markRead([message]);
      });
    });
    client.on('message-changed', (message) => this.#enqueue([message], () => surface.changed(this.#shown(message))));
    let { pending } = timeline;
    client.on('timeline', (changed) => {
      if (changed.pending === pending) return;
      pending = changed.pending;
      showPending(client, surface, changed);
    });
    client.on('change', () => this.#update(surface));
    if (this.otherIds.length <= mostWatched) client.presence.watch(this.otherIds);
    await this.#showing;
  }

  /** Resolves once all received messages are shown. */
  settled(): Promise<void> {
    return this.#showing;
  }

  async showOlder(): Promise<void> {
    const { client, conversationId } = this;
    await client.loadOlder(conversationId, { limit: historyLength });
    const timeline = client.timeline(conversationId);
    const older = timeline === undefined ? [] : messagesOf(timeline).filter(({ seq }) => seq < this.#oldestShown);
    this.#oldestShown = older[0]?.seq ?? this.#oldestShown;
    if (older.length === 0) this.#surface?.note('There are no older messages.');
    else this.#enqueue(older, () => this.#surface?.history(older.map((message) => this.#shown(message))));
  }

  note(text: string): void {
    this.#surface?.note(text);
  }

  /** If this fails, the session expires by itself. */
  async close(): Promise<void> {
    await this.client.logout().catch(() => undefined);
  }

  /** Keeps the order of calls while names load. */
  #enqueue(messages: readonly Message[], show: () => void): void {
    this.#showing = this.#showing.then(() => this.people.load(messages.flatMap(userIdsIn))).then(show);
  }

  #shown(message: Message): ShownMessage {
    const { people, client, isNumbered } = this;
    const nameOf = (userId: string): string => (userId === client.user.id ? 'you' : people.nameOf(userId));
    const own = message.senderId === client.user.id;
    return { message, own, from: people.nameOf(message.senderId), nameOf, isNumbered };
  }

  #markRead(messages: readonly Message[]): void {
    const newest = messages.findLast(({ senderId }) => senderId !== this.client.user.id);
    if (newest !== undefined) this.client.receipts.markRead(this.conversationId, newest.seq);
  }

  #update(surface: ChatSurface): void {
    const { assigneeId, assigneeName } = this.conversation;
    if (assigneeId !== undefined && assigneeName !== undefined) this.people.setName(assigneeId, assigneeName);
    const { title } = this;
    if (title !== this.#title) surface.title(title);
    this.#title = title;
    const activity = this.#currentActivity();
    const json = JSON.stringify(activity);
    if (json === this.#activity) return;
    this.#activity = json;
    surface.activity(activity);
  }

  #helpOf(message: Message): { readonly help?: HelpState } {
    const { client, conversationId, conversation } = this;
    const isCustomer = conversation.kind === 'support' && conversation.customerId === client.user.id;
    return isCustomer ? { help: helpStateIn(client.state, conversationId, message) } : {};
  }

  #currentActivity(): ChatActivity {
    const { client, people, conversationId, otherIds } = this;
    const lastOwn = this.messages.findLast(({ senderId, type }) => senderId === client.user.id && type !== 'system');
    return {
      typing: typingIn(client.state, conversationId, Date.now()).map((userId) => people.nameOf(userId)),
      presence: otherIds.flatMap((userId) => {
        const presence = presenceIn(client.state, userId);
        return presence === undefined ? [] : [{ ...presence, name: people.nameOf(userId) }];
      }),
      others: otherIds.length,
      ...(lastOwn === undefined
        ? {}
        : { lastOwn: { seq: lastOwn.seq, status: lastOwn.status, ...this.#helpOf(lastOwn) } }),
    };
  }
}

function userIdsIn({ senderId, system, mentions, reactions }: Message): readonly string[] {
  const inSystemMessage = [
    ...(system?.userIds ?? []),
    ...(system?.successorId === undefined ? [] : [system.successorId]),
  ];
  return [senderId, ...inSystemMessage, ...(mentions ?? []), ...(reactions ?? []).flatMap(({ userIds }) => userIds)];
}

function showPending(
  client: ChatClient<User | Guest>,
  surface: ChatSurface,
  { conversationId, pending }: Timeline,
): void {
  const isFailed = ({ state }: PendingMessage): boolean => state === 'failed';
  surface.pending(pending.filter((message) => !isFailed(message)));
  for (const message of pending.filter(isFailed)) {
    surface.failed(message);
    client.messages.discard(conversationId, message.localId);
  }
}
