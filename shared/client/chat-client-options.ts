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
import type { GuestSignIn, LoginRequest, SessionOptions } from './session.ts';
import type { ConnectionState, SocketOptions } from './socket.ts';
import type { Timeline } from './timeline.ts';

export interface ChatClientOptions
  extends
    Omit<SessionOptions, 'clock'>,
    Pick<SocketOptions, 'WebSocket' | 'pingEveryMs' | 'deadAfterMs' | 'requestTimeoutMs' | 'random'> {
  /** Not used with a `stored` session. Platform staff omit the tenant. */
  readonly login?: LoginRequest;
  /** From `guestSignIn`. Not used with a `stored` session. The same device is the same guest. */
  readonly guest?: GuestSignIn;
  /**
   * For applications that authenticate users themselves. The client calls it instead of a login, before expiry, and
   * after a rejection.
   */
  readonly accessToken?: () => Promise<string>;
  /** Default: derived from `url`. */
  readonly socketUrl?: string;
  /** Default: memory only. */
  readonly outbox?: OutboxStorage;
  /** Elects the sender if programs share the `outbox`. Default: Web Locks. */
  readonly joinTabs?: JoinTabs;
  /** Default: true. */
  readonly reportsDelivered?: boolean;
  /** Only for clients without an `outbox`. */
  readonly pending?: readonly PendingMessage[];
}

export type GuestChatClientOptions = ChatClientOptions & { readonly guest: GuestSignIn };

export interface ChatClientEvents {
  connection: ConnectionState;
  /** Each new message of an open conversation, including the user's: once, in order. */
  message: Message;
  'message-changed': Message;
  timeline: Timeline;
  /** The user became a participant. */
  conversation: Conversation;
  /** The id of a conversation that the user has left, or that no longer exists. */
  'conversation-removed': string;
  presence: readonly Presence[];
  change: ChatState;
  pending: { readonly conversationId: string; readonly pending: readonly PendingMessage[] };
  outgoing: { readonly pending: PendingMessage; readonly state: OutgoingState };
  /** As it arrived, possibly repeated or out of order. */
  event: ServerEvent;
  /** The client retries the failed request. */
  error: Error;
  /** The session ended without a logout. */
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
