import { createConversation } from '../contract/conversations/create-conversation.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import type { User } from '../contract/schemas/user.ts';
import { listUsers } from '../contract/identity/list-users.ts';
import { answerOf } from './answer-of.ts';
import { type Attachments, createAttachments } from './attachments.ts';
import {
  type ChatClientEvents,
  type ChatClientOptions,
  outboxOptions,
  type UserSummary,
} from './chat-client-options.ts';
import { type ChatState, conversationsOf } from './chat-state-rules.ts';
import { ChatStore } from './chat-store.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { FollowedConversations } from './followed-conversations.ts';
import { createGroups, type Groups } from './group-calls.ts';
import type { CallRoute } from './http.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { OutboxKeeper } from './outbox-keeper.ts';
import { MessageWriter } from './message-writer.ts';
import { openSession } from './open-session.ts';
import { checkPlatform } from './platform.ts';
import type { PresenceAccess } from './presence.ts';
import { PresenceKeeper } from './presence-keeper.ts';
import { createReceipts, type Receipts, type ReceiptsWithin } from './receipts.ts';
import { createSender, type SenderOptions } from './sender.ts';
import { createServerClock } from './server-clock.ts';
import { foundMessages, type FoundMessages, type MessageSearch } from './search.ts';
import type { ServerEvent } from './server-event.ts';
import type { Session } from './session.ts';
import type { ConnectionState, Socket, SocketOptions } from './socket.ts';
import { socketOf } from './socket-credentials.ts';
import type { Timeline } from './timeline.ts';

const openLimit = 50;
/**
 * A client that is logged in and stays connected: live messages in order, each once; sending that survives lost
 * connections; catching up by itself.
 *
 * @throws RefusedError if the login was refused, NetworkError if no answer came, OutboxInUseError if another program
 *   has the `outbox`, MissingPartError if the platform lacks what the client needs.
 */
export async function createChatClient(options: ChatClientOptions): Promise<ChatClient> {
  checkPlatform(options);
  const clock = createServerClock();
  await options.outbox?.open?.();
  try {
    const { session, user } = await openSession({ ...options, clock });
    return new ChatClient(options, session, user, clock);
  } catch (error) {
    options.outbox?.close?.(Promise.resolve());
    throw error;
  }
}

/** Made by {@link createChatClient}. */
export class ChatClient extends MessageWriter {
  readonly user: User;
  /** Calls any route of the contract as the user. */
  readonly call: CallRoute;
  /** Groups: who takes part, and what they are called. */
  readonly groups: Groups;
  /** What was received and read, and who types. */
  readonly receipts: Receipts;
  /** Who is there, the user included. */
  readonly presence: PresenceAccess;
  /** Files that messages carry. */
  readonly attachments: Attachments;
  readonly #session: Session;
  readonly #socket: Socket;
  protected readonly outbox: Outbox;
  readonly #receipts: ReceiptsWithin;
  readonly #presence: PresenceKeeper;
  readonly #inbox: Inbox;
  readonly #conversations: FollowedConversations;
  readonly #emitter = new Emitter<ChatClientEvents>();
  readonly #reportsDelivered: boolean;
  readonly #store: ChatStore;
  readonly #giveUpOutbox: (last: Promise<unknown>) => void;

  constructor(options: ChatClientOptions, session: Session, user: User, clock: SocketOptions['clock']) {
    super();
    this.user = user;
    this.call = session.call;
    this.#session = session;
    this.#giveUpOutbox = (last) => options.outbox?.close?.(last);
    this.#store = new ChatStore(user.id, (known) => {
      this.#inbox.check();
      this.#emitter.emit('change', known);
    });
    this.#reportsDelivered = options.reportsDelivered ?? true;
    this.#socket = socketOf(options, session, {
      clock,
      positions: () => this.#conversations.positions(),
      since: () => this.#inbox.since,
      status: () => this.#presence.own,
    });
    const random = options.random === undefined ? {} : { random: options.random };
    const onError = (error: Error): void => this.#emitter.emit('error', error);
    const ways: SenderOptions = {
      call: this.call,
      isConnected: () => this.#socket.state === 'connected',
      request: (action, data) => this.#socket.request(action, data),
    };
    this.#conversations = new FollowedConversations({
      ...random,
      ...ways,
      ownUserId: user.id,
      onChange: (timeline) => {
        this.#store.take({ type: 'timeline', timeline });
        this.#emitter.emit('timeline', timeline);
      },
      onMessage: (message) => this.#emitter.emit('message', message),
      onChangedMessage: (message) => this.#emitter.emit('message-changed', message),
      onError,
    });
    this.#inbox = new Inbox({
      ownUserId: user.id,
      call: this.call,
      entries: () => this.#store.known.inbox,
      onConversations: (conversations) => this.#store.conversations(conversations),
      onGone: (conversationId) => this.#forget(conversationId),
      onError,
    });
    this.#receipts = createReceipts({
      ...ways,
      ...(options.outbox === undefined ? {} : { keeper: new OutboxKeeper(options.outbox, onError, user.id) }),
      onState: (state) => this.#store.receipt(state),
      onError,
    });
    this.receipts = this.#receipts;
    this.#presence = new PresenceKeeper({ ...ways, onError, onPresence: (...told) => this.#tellPresence(...told) });
    this.presence = this.#presence;
    this.attachments = createAttachments({
      ...ways,
      ...random,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      clock,
    });
    this.groups = createGroups(this.call, clock, (conversation) => this.#store.conversations([conversation]));
    this.outbox = new Outbox({
      ...random,
      ownUserId: user.id,
      clock,
      attempt: createSender(ways),
      onStored: (outcome, pending) => this.#conversations.store(outcome, pending),
      onState: (pending, state) => this.#emitter.emit('outgoing', { pending, state }),
      onChange: (conversationId, pending) => {
        this.#conversations.view(conversationId)?.setPending(pending);
        this.#emitter.emit('pending', { conversationId, pending });
      },
      onError,
      ...outboxOptions(options),
    });
    this.#listen();
    this.#socket.connect();
  }

  /** All that the client knows; `change` tells when it is another. */
  get known(): ChatState {
    return this.#store.known;
  }

  get state(): ConnectionState {
    return this.#socket.state;
  }

  on<Name extends keyof ChatClientEvents>(name: Name, listener: (event: ChatClientEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  /** The active user with exactly this e-mail address or user name, if there is one. */
  async findUser(emailOrUsername: string): Promise<UserSummary | undefined> {
    return (await answerOf(this.call, listUsers, { query: { q: emailOrUsername } })).items[0];
  }

  /** The one conversation with another user of the tenant; started if there is none yet. */
  async startDirect(userId: string): Promise<Conversation> {
    const conversation = await answerOf(this.call, createConversation, { body: { kind: 'direct', userId } });
    this.#store.conversations([conversation]);
    return conversation;
  }

  /** The list of conversations, the newest activity first. From then on `known` has it as it is. */
  async conversations(): Promise<readonly Conversation[]> {
    await this.#inbox.load();
    return conversationsOf(this.#store.known);
  }

  /** Searches the user's conversations, newest first, page by page. What was just sent is found a second later. */
  search(search: MessageSearch): AsyncGenerator<FoundMessages, void> {
    return foundMessages(this.call, search);
  }

  /** Loads the newest messages of a conversation and follows it from then on. */
  open(conversationId: string, { limit = openLimit } = {}): Promise<Timeline> {
    this.#conversations.ensure(conversationId).setPending(this.outbox.pending(conversationId));
    return this.#conversations.open(conversationId, limit);
  }

  timeline(conversationId: string): Timeline | undefined {
    return this.#conversations.view(conversationId)?.timeline;
  }

  /** Loads older messages of an opened conversation. False if there are none. */
  async loadOlder(conversationId: string, { limit = openLimit } = {}): Promise<boolean> {
    return (await this.#conversations.view(conversationId)?.loadOlder(limit)) ?? false;
  }

  /** Follows a conversation no longer. What is on its way there is sent all the same. */
  unfollow(conversationId: string): void {
    this.#conversations.unfollow(conversationId);
    this.#store.take({ type: 'forgotten', conversationId, inbox: false });
  }

  /** Tries at once whatever waits, and finds out whether the connection is alive: the network or the device is back. */
  wake(): void {
    this.#socket.check();
    this.outbox.wake();
    this.#receipts.wake();
  }

  /** Ends the connection; the session stays. */
  close(): void {
    this.#store.close();
    this.#giveUpOutbox(Promise.all([this.outbox.close(), this.#receipts.close()]));
    this.#presence.close();
    this.#inbox.close();
    this.#conversations.close();
    this.#socket.close();
  }

  /** Ends the connection and the session. */
  async logout(): Promise<void> {
    this.close();
    await this.#session.logout();
  }

  protected startsSending(conversationId: string): void {
    this.#receipts.sent(conversationId);
  }

  #listen(): void {
    this.#session.onEnded(() => {
      this.#socket.close();
      this.#emitter.emit('ended', undefined);
    });
    this.#socket.on('state', (connection) => {
      this.#store.take({ type: 'connection', connection });
      if (connection === 'connected') this.#presence.welcomed();
      this.#emitter.emit('state', connection);
    });
    this.#socket.on('greeted', (said) => this.#presence.greeted(said));
    this.#socket.on('presence', (users) => this.#presence.heard(users));
    this.#socket.on('error', (error) => this.#emitter.emit('error', error));
    this.#socket.on('event', (event) => this.#take(event));
    this.#socket.on('welcome', ({ since }) => {
      this.outbox.wake();
      this.#receipts.wake();
      this.#inbox.welcomed(since);
    });
    this.#socket.on('synchronised', ({ complete, since }) => {
      this.#conversations.synchronised(complete);
      if (since !== undefined) this.#inbox.synchronised(since);
      this.#inbox.check();
    });
  }

  #take(event: ServerEvent): void {
    const { conversationId } = event;
    this.#emitter.emit('event', event);
    this.#store.event(event);
    if (event.type === 'conversation.created') this.#emitter.emit('conversation', event.data);
    if (event.type === 'conversation.removed') return this.#forget(conversationId);
    this.#conversations.take(event);
    if (event.type !== 'message.created') return;
    if (event.data.senderId === this.user.id) this.outbox.confirm(event.data);
    if (event.data.senderId === this.user.id || !this.#reportsDelivered) return;
    // Up to the first hole: what is missing has not been received.
    const view = this.#conversations.view(conversationId) ?? this.#store.known.inbox[conversationId];
    if (view?.position !== undefined) this.#receipts.markDelivered(conversationId, view.position);
  }

  #tellPresence(users: readonly Presence[], absent: readonly string[]): void {
    this.#store.take({ type: 'presence', users, absent });
    if (users.length > 0) this.#emitter.emit('presence', users);
  }

  #forget(conversationId: string): void {
    this.#conversations.unfollow(conversationId);
    this.#store.take({ type: 'forgotten', conversationId, inbox: true });
  }
}
