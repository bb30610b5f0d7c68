import type * as z from 'zod/mini';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import type { userSummary } from '../contract/schemas/user.ts';
import type { ChatState } from './chat-state-rules.ts';
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
  /** Who logs in, unless a session is `stored`. Platform staff omit the tenant. */
  readonly login?: LoginRequest;
  /**
   * Gives an access token instead of a login: for applications whose own server knows who is logged in. Asked again
   * before the token expires, and when the server does not take it any more.
   */
  readonly accessToken?: () => Promise<string>;
  /** `wss://chat.example.com/ws`; derived from `url` if absent. */
  readonly socketUrl?: string;
  /** Keeps what is on its way beyond the end of the program; without one it is kept in memory only. */
  readonly outbox?: OutboxStorage;
  /** Decides which of several programs that share the `outbox` sends; Web Locks if absent. */
  readonly joinTabs?: JoinTabs;
  /** Whether the client itself tells that messages have reached it; true if absent. */
  readonly reportsDelivered?: boolean;
  /** Messages that were on their way when the client ended last time, where there is no `outbox`. */
  readonly pending?: readonly PendingMessage[];
}

export interface ChatClientEvents {
  state: ConnectionState;
  /** A message of an opened conversation that is new since then: once each, in order, the own ones included. */
  message: Message;
  /** A message of an opened conversation was edited, deleted or reacted to; here it is as it is now. */
  'message-changed': Message;
  /** An opened conversation changed. */
  timeline: Timeline;
  /** The user takes part in a new conversation. */
  conversation: Conversation;
  /** People came, went away or left, or were asked for. */
  presence: readonly Presence[];
  /** Anything that the client knows is another now. */
  change: ChatState;
  /** What is on its way in a conversation changed. */
  pending: { readonly conversationId: string; readonly pending: readonly PendingMessage[] };
  /** Something that was sent came to another state. */
  outgoing: { readonly pending: PendingMessage; readonly state: OutgoingState };
  /** Every event as it came: perhaps more than once, and in any order. */
  event: ServerEvent;
  /** Something failed that will be tried again. */
  error: Error;
  /** The session is over without a logout: log in again. */
  ended: undefined;
}

export type UserSummary = z.output<typeof userSummary>;

/** What of the options is the outbox's. */
export function outboxOptions({ pending, outbox, joinTabs }: ChatClientOptions) {
  return {
    ...(pending === undefined ? {} : { restored: pending }),
    ...(outbox === undefined ? {} : { storage: outbox }),
    ...(joinTabs === undefined ? {} : { joinTabs }),
  };
}
