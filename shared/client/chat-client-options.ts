import type * as z from 'zod/mini';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import type { userSummary } from '../contract/schemas/user.ts';
import type { ChatState } from './chat-state-rules.ts';
import type { GuestSignIn } from './guest-sign-in.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import type { JoinTabs } from './outbox-tabs.ts';
import type { OutgoingState, PendingMessage } from './pending-message.ts';
import type { ServerEvent } from './server-event.ts';
import type { LoginRequest, SessionOptions } from './session.ts';
import type { ConnectionState, SocketOptions } from './socket.ts';
import type { Timeline } from './timeline.ts';

export interface ChatClientOptions
  extends
    Omit<SessionOptions, 'clock'>,
    Pick<SocketOptions, 'WebSocket' | 'pingEveryMs' | 'deadAfterMs' | 'requestTimeoutMs' | 'random'> {
  /** The credentials to log in with, unless a session is `stored`. Platform staff omit the tenant. */
  readonly login?: LoginRequest;
  /** Signs in as a guest, unless a session is `stored`. The same device is the same guest. */
  readonly guest?: GuestSignIn;
  /**
   * Returns an access token, for applications whose own server authenticates users. The client calls it instead of
   * logging in, again before the token expires, and when the server rejects the token.
   */
  readonly accessToken?: () => Promise<string>;
  /** `wss://chat.example.com/ws`; derived from `url` if absent. */
  readonly socketUrl?: string;
  /** Keeps pending changes after the program ends. Default: memory only. */
  readonly outbox?: OutboxStorage;
  /** Decides which of several programs that share the `outbox` sends. Default: Web Locks. */
  readonly joinTabs?: JoinTabs;
  /** Whether the client reports delivered messages by itself. Default: true. */
  readonly reportsDelivered?: boolean;
  /** Messages that were pending when the last client closed. Only for clients without an `outbox`. */
  readonly pending?: readonly PendingMessage[];
}

export type GuestChatClientOptions = ChatClientOptions & { readonly guest: GuestSignIn };

export interface ChatClientEvents {
  connection: ConnectionState;
  /** Each new message of an open conversation, once and in order. Includes the user's messages. */
  message: Message;
  /** The current version of a message of an open conversation that was edited, deleted or reacted to. */
  'message-changed': Message;
  timeline: Timeline;
  /** The user became a participant of a conversation. */
  conversation: Conversation;
  /** Presence that the server announced or the client requested. */
  presence: readonly Presence[];
  /** The next value of `state`. */
  change: ChatState;
  /** All pending changes of a conversation, after one of them changed. */
  pending: { readonly conversationId: string; readonly pending: readonly PendingMessage[] };
  /** A pending change has a new state. */
  outgoing: { readonly pending: PendingMessage; readonly state: OutgoingState };
  /** Every server event as it arrived, possibly repeated and out of order. */
  event: ServerEvent;
  /** A request failed, and the client will retry it. */
  error: Error;
  /** The session ended without a logout: log in again. */
  ended: undefined;
}

export type UserSummary = z.output<typeof userSummary>;

export function outboxOptions({ pending, outbox, joinTabs }: ChatClientOptions) {
  return {
    ...(pending === undefined ? {} : { restored: pending }),
    ...(outbox === undefined ? {} : { storage: outbox }),
    ...(joinTabs === undefined ? {} : { joinTabs }),
  };
}
