import type * as z from 'zod/mini';
import { createTicket } from '../contract/auth/create-ticket.ts';
import { createConversation } from '../contract/conversations/create-conversation.ts';
import { sendMessage } from '../contract/messages/send-message.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { User, userSummary } from '../contract/schemas/user.ts';
import { messageSend } from '../contract/socket/message-send.ts';
import { listUsers } from '../contract/users/list-users.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { FollowedConversations } from './followed-conversations.ts';
import type { CallRoute } from './http.ts';
import { Outbox, type PendingMessage, type SendAttempt, type SendOutcome } from './outbox.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createServerClock } from './server-clock.ts';
import type { ServerEvent } from './server-event.ts';
import { createSession, type LoginRequest, type Session, type SessionOptions } from './session.ts';
import { type ConnectionState, Socket, type SocketCredentials, type SocketOptions } from './socket.ts';
import type { Timeline } from './timeline.ts';

export interface ChatClientOptions
  extends
    Omit<SessionOptions, 'clock'>,
    Pick<SocketOptions, 'WebSocket' | 'pingEveryMs' | 'deadAfterMs' | 'requestTimeoutMs' | 'random'> {
  /** Who logs in, unless a session is `stored`. Platform staff omit the tenant. */
  readonly login?: LoginRequest;
  /** `wss://chat.example.com/ws`; derived from `url` if absent. */
  readonly socketUrl?: string;
  /** Messages that were on their way when the client ended last time: what `pending` told last. */
  readonly pending?: readonly PendingMessage[];
}

export interface ChatClientEvents {
  state: ConnectionState;
  /** A message of an opened conversation that is new since then: once each, in order, the own ones included. */
  message: Message;
  /** An opened conversation changed. */
  timeline: Timeline;
  /** The user takes part in a new conversation. */
  conversation: Conversation;
  /** What is on its way in a conversation changed: store it to lose nothing when the client ends. */
  pending: { readonly conversationId: string; readonly pending: readonly PendingMessage[] };
  /** Every event as it came: perhaps more than once, and in any order. */
  event: ServerEvent;
  /** Something failed that will be tried again. */
  trouble: Error;
  /** The session is over without a logout: log in again. */
  ended: undefined;
}

export interface SentMessage {
  /** Names it in the timeline's `pending`. */
  readonly localId: string;
  /** The message once it is stored; rejects with a {@link RefusedError} if it was refused for good. */
  readonly stored: Promise<Message>;
}

type UserSummary = z.output<typeof userSummary>;

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
  const session = createSession({ timeoutMs: answerTimeoutMs, ...options, clock });
  if (session.stored === undefined) {
    if (options.login === undefined) throw new SessionEndedError();
    const answer = await session.login(options.login);
    if (!answer.ok) throw new RefusedError(answer.problem);
  }
  const user = session.stored?.user;
  if (user === undefined) throw new SessionEndedError();
  return new ChatClient(options, session, user, clock);
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
    this.#conversations = new FollowedConversations({
      ownUserId: user.id,
      call: this.call,
      isConnected: () => this.#socket.state === 'connected',
      onChange: (timeline) => this.#emitter.emit('timeline', timeline),
      onMessage: (message) => this.#emitter.emit('message', message),
      onTrouble: (error) => this.#emitter.emit('trouble', error),
      ...(options.random === undefined ? {} : { random: options.random }),
    });
    this.#outbox = new Outbox({
      clock,
      attempt: this.#attempt,
      onStored: (message) => this.#conversations.view(message.conversationId)?.add([{ seq: message.seq, message }]),
      onChange: (conversationId, pending) => {
        this.#conversations.view(conversationId)?.setPending(pending);
        this.#emitter.emit('pending', { conversationId, pending });
      },
      ...(options.pending === undefined ? {} : { restored: options.pending }),
      ...(options.random === undefined ? {} : { random: options.random }),
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

  /** Follows a conversation no longer. */
  leave(conversationId: string): void {
    this.#conversations.leave(conversationId);
  }

  /** Sends a message, now or when there is a connection. It goes on its way also if nobody waits for it. */
  send(conversationId: string, text: string): SentMessage {
    const { message, outcome } = this.#outbox.send(conversationId, text);
    return { localId: message.localId, stored: storedOf(outcome) };
  }

  /** Tries a message again that was refused. */
  retry(conversationId: string, localId: string): SentMessage | undefined {
    const outcome = this.#outbox.retry(conversationId, localId);
    return outcome && { localId, stored: storedOf(outcome) };
  }

  /** Gives up a message that was refused. */
  discard(conversationId: string, localId: string): void {
    this.#outbox.discard(conversationId, localId);
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

  /** By the socket when there is one; where WebSockets do not get through, HTTP does. */
  readonly #attempt: SendAttempt = async ({ conversationId, text, clientMessageId }) => {
    const draft = { type: 'text', text, clientMessageId } as const;
    if (this.#socket.state === 'connected') {
      const outcome = await this.#socket.request(messageSend, { ...draft, conversationId });
      return outcome.ok ? { ok: true, message: outcome.data } : outcome;
    }
    const answer = await this.call(sendMessage, { params: { conversationId }, body: draft });
    return answer.ok ? { ok: true, message: answer.body } : answer;
  };
}

function storedOf(outcome: Promise<SendOutcome>): Promise<Message> {
  const stored = outcome.then((settled) => {
    if (!settled.ok) throw new RefusedError(settled.problem);
    return settled.message;
  });
  // The timeline tells of a refusal too; whoever does not wait must not be surprised by it.
  stored.catch(() => undefined);
  return stored;
}
