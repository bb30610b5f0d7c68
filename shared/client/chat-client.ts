import { createTicket } from '../contract/auth/create-ticket.ts';
import { createConversation } from '../contract/conversations/create-conversation.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message, MessageLocation } from '../contract/schemas/message.ts';
import type { User } from '../contract/schemas/user.ts';
import { listUsers } from '../contract/users/list-users.ts';
import type {
  ChatClientEvents,
  ChatClientOptions,
  Sent,
  SentMessage,
  SentReaction,
  UserSummary,
} from './chat-client-options.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { FollowedConversations } from './followed-conversations.ts';
import type { CallRoute } from './http.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { type Draft, draftOf, type OutgoingTask } from './outgoing-task.ts';
import type { PendingMessage, SendOutcome, StoredOutcome } from './pending-message.ts';
import { createProvidedSession } from './provided-session.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createSender } from './sender.ts';
import { createServerClock } from './server-clock.ts';
import type { ServerEvent } from './server-event.ts';
import { createSession, type Session } from './session.ts';
import { type ConnectionState, Socket, type SocketCredentials, type SocketOptions } from './socket.ts';
import type { Timeline } from './timeline.ts';

const openLimit = 50;
/** Above what the platform takes to answer, below what a person waits. */
const answerTimeoutMs = 15_000;

/** A connection is not worth making for less. */
const connectionMs = 5 * 60 * 1000;

/**
 * A client that is logged in and stays connected: live messages in order, each once; sending that survives lost
 * connections; catching up by itself.
 *
 * @throws RefusedError if the login was refused, NetworkError if nobody answered.
 * @example
 * const client = await createChatClient({ url, login: { tenant: 'demo', email, password } });
 * client.on('message', (message) => console.log(message.senderId, message.text));
 * const conversation = await client.startDirect(bob.id);
 * await client.open(conversation.id);
 * await client.send(conversation.id, 'Hello Bob').stored;
 */
export async function createChatClient(options: ChatClientOptions): Promise<ChatClient> {
  const clock = createServerClock();
  const session = await sessionOf(options, clock);
  const user = session.stored?.user;
  if (user === undefined) throw new SessionEndedError();
  return new ChatClient(options, session, user, clock);
}

async function sessionOf(options: ChatClientOptions, clock: SocketOptions['clock']): Promise<Session> {
  const { accessToken, ...rest } = { timeoutMs: answerTimeoutMs, ...options, clock };
  if (accessToken !== undefined) return createProvidedSession(rest, accessToken);
  const session = createSession(rest);
  if (session.stored === undefined) {
    if (options.login === undefined) throw new SessionEndedError();
    const answer = await session.login(options.login);
    if (!answer.ok) throw new RefusedError(answer.problem);
  }
  return session;
}

/** Made by {@link createChatClient}. */
export class ChatClient {
  readonly user: User;
  /** Calls any route of the contract as the user. */
  readonly call: CallRoute;
  readonly #session: Session;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #conversations: FollowedConversations;
  readonly #emitter = new Emitter<ChatClientEvents>();

  constructor(options: ChatClientOptions, session: Session, user: User, clock: SocketOptions['clock']) {
    this.user = user;
    this.call = session.call;
    this.#session = session;
    this.#socket = new Socket({
      ...options,
      url: options.socketUrl ?? `${options.url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`,
      clock,
      credentials: (checked) => this.#credentials(checked),
      positions: () => this.#conversations.positions(),
    });
    const random = options.random === undefined ? {} : { random: options.random };
    const onTrouble = (error: Error): void => this.#emitter.emit('trouble', error);
    this.#conversations = new FollowedConversations({
      ...random,
      ownUserId: user.id,
      call: this.call,
      isConnected: () => this.#socket.state === 'connected',
      onChange: (timeline) => this.#emitter.emit('timeline', timeline),
      onMessage: (message) => this.#emitter.emit('message', message),
      onChangedMessage: (message) => this.#emitter.emit('message-changed', message),
      onTrouble,
    });
    this.#outbox = new Outbox({
      ...random,
      clock,
      attempt: createSender({
        call: this.call,
        isConnected: () => this.#socket.state === 'connected',
        request: (action, data) => this.#socket.request(action, data),
      }),
      onStored: (outcome, pending) => this.#store(outcome, pending),
      onState: (pending, state) => this.#emitter.emit('outgoing', { pending, state }),
      onChange: (conversationId, pending) => {
        this.#conversations.view(conversationId)?.setPending(pending);
        this.#emitter.emit('pending', { conversationId, pending });
      },
      onTrouble,
      ...(options.pending === undefined ? {} : { restored: options.pending }),
      ...(options.outbox === undefined ? {} : { storage: options.outbox }),
      ...(options.joinTabs === undefined ? {} : { joinTabs: options.joinTabs }),
    });
    this.#listen();
    this.#socket.connect();
  }

  get state(): ConnectionState {
    return this.#socket.state;
  }

  on<Name extends keyof ChatClientEvents>(name: Name, listener: (event: ChatClientEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  /** The active user of the tenant with exactly this e-mail address or user name, if there is one. */
  async findUser(emailOrUsername: string): Promise<UserSummary | undefined> {
    const answer = await this.call(listUsers, { query: { q: emailOrUsername } });
    if (!answer.ok) throw new RefusedError(answer.problem);
    return answer.body.items[0];
  }

  /** The one conversation with another user of the tenant; started if there is none yet. */
  async startDirect(userId: string): Promise<Conversation> {
    const answer = await this.call(createConversation, { body: { kind: 'direct', userId } });
    if (!answer.ok) throw new RefusedError(answer.problem);
    return answer.body;
  }

  /** Loads the newest messages of a conversation and follows it from then on. */
  open(conversationId: string, { limit = openLimit } = {}): Promise<Timeline> {
    this.#conversations.ensure(conversationId).setPending(this.#outbox.pending(conversationId));
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
  }

  /** Sends a message, now or when there is a connection: a text, or a draft of any kind. */
  send(conversationId: string, written: string | Draft): SentMessage {
    return messageSent(this.#outbox.send(conversationId, written));
  }

  /** Answers a message. */
  reply(conversationId: string, seq: number, written: string | Draft): SentMessage {
    return this.send(conversationId, { ...draftOf(written), replyTo: seq });
  }

  /** Replaces the text of an own message, or moves a live location. */
  edit(conversationId: string, seq: number, change: string | { readonly location: MessageLocation }): SentMessage {
    const edit = typeof change === 'string' ? { text: change } : change;
    return messageSent(this.#add(conversationId, { kind: 'edit', seq, ...edit }));
  }

  /** Deletes an own message. Its place stays. */
  delete(conversationId: string, seq: number): SentMessage {
    return messageSent(this.#add(conversationId, { kind: 'deletion', seq }));
  }

  /** Reacts to a message with one emoji. */
  react(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.#add(conversationId, { kind: 'reaction', seq, emoji, added: true }));
  }

  /** Takes a reaction back. */
  unreact(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.#add(conversationId, { kind: 'reaction', seq, emoji, added: false }));
  }

  /** Tries again what was refused. Resolves like the first time; nothing if there is no such thing. */
  retry(conversationId: string, localId: string): SentMessage | undefined {
    const outcome = this.#outbox.retry(conversationId, localId);
    return outcome && messageSent({ pending: { localId }, outcome, kept: Promise.resolve() });
  }

  /** Gives up what was refused, or was certainly not sent yet. False if it may be on its way. */
  discard(conversationId: string, localId: string): boolean {
    return this.#outbox.discard(conversationId, localId);
  }

  pending(conversationId: string): readonly PendingMessage[] {
    return this.#outbox.pending(conversationId);
  }

  /** Tries at once whatever waits, and finds out whether the connection is alive: the network or the device is back. */
  wake(): void {
    this.#socket.check();
    this.#outbox.wake();
  }

  /** Ends the connection; the session stays. */
  close(): void {
    this.#outbox.close();
    this.#conversations.close();
    this.#socket.close();
  }

  /** Ends the connection and the session. */
  async logout(): Promise<void> {
    this.close();
    await this.#session.logout();
  }

  #listen(): void {
    this.#session.onEnded(() => {
      this.#socket.close();
      this.#emitter.emit('ended', undefined);
    });
    this.#socket.on('state', (state) => this.#emitter.emit('state', state));
    this.#socket.on('trouble', (error) => this.#emitter.emit('trouble', error));
    this.#socket.on('event', (event) => this.#take(event));
    this.#socket.on('welcome', () => this.#outbox.wake());
    this.#socket.on('synchronised', ({ complete }) => this.#conversations.synchronised(complete));
  }

  #take(event: ServerEvent): void {
    this.#emitter.emit('event', event);
    if (event.type === 'conversation.created') this.#emitter.emit('conversation', event.data);
    this.#conversations.take(event);
    if (event.type === 'message.created' && event.data.senderId === this.user.id) this.#outbox.confirm(event.data);
  }

  #add(conversationId: string, task: OutgoingTask): Outgoing {
    return this.#outbox.add(conversationId, task);
  }

  /** What was acknowledged is in the log, at the number that the acknowledgement names. */
  #store({ message, reactions }: StoredOutcome, { conversationId, task }: PendingMessage): void {
    const view = this.#conversations.view(conversationId);
    if (message !== undefined)
      view?.add([{ seq: task.kind === 'message' ? message.seq : message.updatedSeq, message }]);
    else view?.add([{ seq: reactions.updatedSeq, reactions }]);
  }

  async #credentials(checked: boolean): Promise<SocketCredentials> {
    const token = await this.#session.accessToken(connectionMs);
    if (!checked) return this.#bearing('bearer', token);
    const answer = await this.call(createTicket);
    if (!answer.ok) throw new RefusedError(answer.problem);
    return this.#bearing('ticket', answer.body.ticket);
  }

  #bearing(via: SocketCredentials['via'], value: string): SocketCredentials {
    return { via, value, expiresAt: this.#session.stored?.expiresAt ?? 0 };
  }
}

type Unsettled = Pick<Outgoing, 'outcome' | 'kept'> & { readonly pending: Pick<PendingMessage, 'localId'> };

function messageSent(outgoing: Unsettled): SentMessage {
  return sent(outgoing, ({ message }) => message as Message);
}

function reactionSent(outgoing: Unsettled): SentReaction {
  return sent(outgoing, ({ reactions }) => reactions as NonNullable<StoredOutcome['reactions']>);
}

function sent<Result>(
  { pending, outcome, kept }: Unsettled,
  resultOf: (outcome: StoredOutcome) => Result,
): Sent<Result> {
  const stored = outcome.then((settled: SendOutcome) => {
    if (!settled.ok) throw new RefusedError(settled.problem);
    return resultOf(settled);
  });
  // The timeline tells of a refusal too; whoever does not wait must not be surprised by it.
  stored.catch(() => undefined);
  return { localId: pending.localId, kept, stored };
}
