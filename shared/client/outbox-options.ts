import type { SendAttempt } from './outbox-lane.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import type { JoinTabs } from './outbox-tabs.ts';
import type { OutgoingState, PendingMessage, SendOutcome, StoredOutcome } from './pending-message.ts';
import type { ServerClock } from './server-clock.ts';

export interface OutboxOptions {
  readonly attempt: SendAttempt;
  readonly clock: ServerClock;
  readonly onChange: (conversationId: string, pending: readonly PendingMessage[]) => void;
  readonly onStored: (outcome: StoredOutcome, item: PendingMessage) => void;
  readonly onState?: (item: PendingMessage, state: OutgoingState) => void;
  readonly onError?: (error: Error) => void;
  readonly restored?: readonly PendingMessage[];
  readonly ownUserId?: string;
  readonly isSupport?: (conversationId: string) => boolean;
  readonly storage?: OutboxStorage;
  readonly joinTabs?: JoinTabs;
  readonly random?: () => number;
}

export interface Outgoing {
  readonly pending: PendingMessage;
  readonly outcome: Promise<SendOutcome>;
  /** Resolves once the item survives the program's end. Rejects if storing failed. */
  readonly kept: Promise<void>;
}
