import { createConversation } from '../contract/conversations/create-conversation.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import type { Route } from '../contract/kit/define-route.ts';
import type { Guest } from '../contract/schemas/guest.ts';
import type { User } from '../contract/schemas/user.ts';
import { listUsers } from '../contract/identity/list-users.ts';
import { type Accepted, acceptedOnce, answerOf } from './answer-of.ts';
import {
  type ChatClientEvents,
  type ChatClientOptions,
  type GuestChatClientOptions,
  type UserSummary,
} from './chat-client-options.ts';
import { createChatOutbox, followConversations } from './chat-parts.ts';
import { type ChatState, conversationsOf } from './chat-state-rules.ts';
import { ChatStore } from './chat-store.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import type { FollowedConversations } from './followed-conversations.ts';
import { createGroups, type Groups } from './group-calls.ts';
import type { CallRoute, RouteRequestArguments } from './http.ts';
import { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import { OutboxKeeper } from './outbox-keeper.ts';
import { Messages } from './messages.ts';
import { openSession } from './open-session.ts';
import { checkPlatform } from './platform.ts';
import type { PresenceAccess } from './presence.ts';
import { PresenceKeeper } from './presence-keeper.ts';
import { createReceipts, type Receipts, type ReceiptsInternal } from './receipts.ts';
import type { SenderOptions } from './sender.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import { foundMessages, type FoundMessages, type MessageSearch } from './search.ts';
import type { ServerEvent } from './server-event.ts';
import type { Session } from './session.ts';
import type { ConnectionState, Socket } from './socket.ts';
import { socketOf } from './socket-credentials.ts';
import type { Timeline } from './timeline.ts';

const openLimit = 50;

/**
 * Logs in and connects. The client emits each live message once and in order, and recovers from lost connections.
 *
 * @throws RefusedError, NetworkError, OutboxInUseError, MissingPartError.
 */
export function createChatClient(options: GuestChatClientOptions): Promise<ChatClient<Guest>>;
export function createChatClient(options: ChatClientOptions): Promise<ChatClient>;
export async function createChatClient(options: ChatClientOptions): Promise<ChatClient<User | Guest>> {
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

/** For the parts of the client that programs load separately. */
export interface ClientInternals extends Pick<ChatClientOptions, 'fetch' | 'random'> {
  readonly clock: ServerClock;
  readonly outbox: Outbox;
  readonly socket: Pick<Socket, 'on'>;
  readonly onError: (error: Error) => void;
}

/** Created by {@link createChatClient}. */
export class ChatClient<Person extends User | Guest = User> {
  readonly user: Person;
  /** Calls any route of the contract as the user. */
  readonly call: CallRoute;
  readonly messages: Messages;
  readonly groups: Groups;
  readonly receipts: Receipts;
  readonly presence: PresenceAccess;
  readonly internals: ClientInternals;
  readonly #session: Session;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #receipts: ReceiptsInternal;
  readonly #presence: PresenceKeeper;
  readonly #inbox: Inbox;
  readonly #conversations: FollowedConversations;
  readonly #emitter = new Emitter<ChatClientEvents>();
  readonly #reportsDelivered: boolean;
  readonly #store: ChatStore;
  readonly #releaseStorage: (lastWrite: Promise<unknown>) => void;

  constructor(options: ChatClientOptions, session: Session, user: Person, clock: ServerClock) {
    this.user = user;
    this.call = session.call;
    this.#session = session;
    this.#releaseStorage = (lastWrite) => options.outbox?.close?.(lastWrite);
    this.#store = new ChatStore(user.id, (state) => {
      this.#inbox.check();
      this.#emitter.emit('change', state);
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
    const transport: SenderOptions = {
      call: this.call,
      isConnected: () => this.#socket.state === 'connected',
      request: (action, data) => this.#socket.request(action, data),
    };
    const following = { ...random, ...transport, onError, ownUserId: user.id };
    this.#conversations = followConversations(following, this.#emitter, this.#store);
    this.#inbox = new Inbox({
      ...{ ownUserId: user.id, call: this.call, onError },
      entries: () => this.#store.state.inbox,
      onConversations: (conversations) => this.#store.addConversations(conversations),
      onGone: (conversationId) => this.#forget(conversationId),
    });
    this.receipts = this.#receipts = createReceipts({
      ...transport,
      ...(options.outbox === undefined ? {} : { keeper: new OutboxKeeper(options.outbox, onError, user.id) }),
      onState: (state) => this.#store.addReceipt(state),
      onError,
    });
    const onPresence = this.#announcePresence.bind(this);
    this.presence = this.#presence = new PresenceKeeper({ ...transport, onError, onPresence });
    this.groups = createGroups(this.call, clock, (conversation) => this.#store.addConversations([conversation]));
    this.#outbox = createChatOutbox(options, {
      ...{ transport, clock, onError, ownUserId: user.id, emitter: this.#emitter },
      ...{ store: this.#store, conversations: this.#conversations },
    });
    const ownFetch = options.fetch === undefined ? {} : { fetch: options.fetch };
    this.internals = { ...random, ...ownFetch, clock, onError, outbox: this.#outbox, socket: this.#socket };
    this.messages = new Messages(this.#outbox, (conversationId) => this.#receipts.sent(conversationId));
    this.#listen();
    this.#socket.connect();
  }

  /** Immutable. Each `change` event carries the next one. */
  get state(): ChatState {
    return this.#store.state;
  }

  get connection(): ConnectionState {
    return this.#socket.state;
  }

  on<Name extends keyof ChatClientEvents>(name: Name, listener: (event: ChatClientEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  /** Calls an idempotent route up to three times, until an answer comes. @throws RefusedError, NetworkError. */
  request<R extends Route>(route: R, ...request: RouteRequestArguments<R>): Promise<Accepted<R>> {
    return answerOf(this.call, route, ...request);
  }

  /** Like `request`, without repetition. */
  requestOnce<R extends Route>(route: R, ...request: RouteRequestArguments<R>): Promise<Accepted<R>> {
    return acceptedOnce(this.call, route, ...request);
  }

  /** All conversations of the state, newest activity first. */
  knownConversations(): readonly Conversation[] {
    return conversationsOf(this.state);
  }

  /** Adds conversations that a call returned to the state, which keeps them current. */
  follow(conversations: readonly Conversation[]): void {
    this.#store.addConversations(conversations);
  }

  /** Matches exactly, and finds active users only. */
  async findUser(emailOrUsername: string): Promise<UserSummary | undefined> {
    return (await answerOf(this.call, listUsers, { query: { q: emailOrUsername } })).items[0];
  }

  /** Creates the conversation if there is none. */
  async startDirect(userId: string): Promise<Conversation> {
    const conversation = await answerOf(this.call, createConversation, { body: { kind: 'direct', userId } });
    this.#store.addConversations([conversation]);
    return conversation;
  }

  /** Newest activity first. */
  async conversations(): Promise<readonly Conversation[]> {
    await this.#inbox.load();
    return conversationsOf(this.state);
  }

  /** Newest message first. A message is found about a second after it was sent. */
  search(search: MessageSearch): AsyncGenerator<FoundMessages, void> {
    return foundMessages(this.call, search);
  }

  open(conversationId: string, { limit = openLimit } = {}): Promise<Timeline> {
    this.#conversations.ensure(conversationId).setPending(this.#outbox.pending(conversationId));
    return this.#conversations.open(conversationId, limit);
  }

  timeline(conversationId: string): Timeline | undefined {
    return this.#conversations.view(conversationId)?.timeline;
  }

  /** Returns false if there are none. */
  async loadOlder(conversationId: string, { limit = openLimit } = {}): Promise<boolean> {
    return (await this.#conversations.view(conversationId)?.loadOlder(limit)) ?? false;
  }

  /** Pending messages are still sent. */
  unfollow(conversationId: string): void {
    this.#conversations.unfollow(conversationId);
    this.#store.dispatch({ type: 'forgotten', conversationId, inbox: false });
  }

  /** Call it when the network is back or the device wakes up. */
  wake(): void {
    this.#socket.check();
    this.#outbox.wake();
    this.#receipts.wake();
  }

  /** Keeps the session. */
  close(): void {
    this.#store.close();
    this.#releaseStorage(Promise.all([this.#outbox.close(), this.#receipts.close()]));
    this.#presence.close();
    this.#inbox.close();
    this.#conversations.close();
    this.#socket.close();
  }

  async logout(): Promise<void> {
    this.close();
    await this.#session.logout();
  }

  #listen(): void {
    this.#session.onEnded(() => {
      this.#socket.close();
      this.#emitter.emit('ended', undefined);
    });
    this.#socket.on('state', (connection) => {
      this.#store.dispatch({ type: 'connection', connection });
      if (connection === 'connected') this.#presence.connected();
      this.#emitter.emit('connection', connection);
    });
    this.#socket.on('greeted', (status) => this.#presence.greeted(status));
    this.#socket.on('presence', (users) => this.#presence.receive(users));
    this.#socket.on('error', (error) => this.#emitter.emit('error', error));
    this.#socket.on('event', (event) => this.#apply(event));
    this.#socket.on('welcome', ({ since }) => {
      this.#outbox.wake();
      this.#receipts.wake();
      this.#inbox.welcomed(since);
    });
    this.#socket.on('synchronised', ({ complete, since }) => {
      this.#conversations.synchronised(complete);
      if (since !== undefined) this.#inbox.synchronised(since);
      this.#inbox.check();
    });
  }

  #apply(event: ServerEvent): void {
    const { conversationId } = event;
    this.#emitter.emit('event', event);
    this.#store.apply(event);
    if (event.type === 'conversation.created') this.#emitter.emit('conversation', event.data);
    if (event.type === 'conversation.removed') return this.#forget(conversationId);
    this.#conversations.apply(event);
    if (event.type !== 'message.created') return;
    if (event.data.senderId === this.user.id) this.#outbox.confirm(event.data);
    if (event.data.senderId === this.user.id || !this.#reportsDelivered) return;
    // `position` ends before the first missing entry, which was not delivered.
    const view = this.#conversations.view(conversationId) ?? this.state.inbox[conversationId];
    if (view?.position !== undefined) this.#receipts.markDelivered(conversationId, view.position);
  }

  #announcePresence(users: readonly Presence[], hidden: readonly string[]): void {
    this.#store.dispatch({ type: 'presence', users, hidden });
    if (users.length > 0) this.#emitter.emit('presence', users);
  }

  #forget(conversationId: string): void {
    this.#conversations.unfollow(conversationId);
    this.#store.dispatch({ type: 'forgotten', conversationId, inbox: true });
    this.#emitter.emit('conversation-removed', conversationId);
  }
}
