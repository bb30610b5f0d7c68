import type { SupportStatus } from '../../contract/schemas/support.ts';
import type { TicketState, TicketView } from '../../contract/schemas/ticket.ts';
import type { FailureReason } from './systems/ticket-system.ts';

/**
 * The ticket of a conversation. It exists before the ticket does. The conversation's log is the queue of its updates:
 * entries after `syncedSeq` are yet to be sent, in order. Every write changes `revision`.
 */
export interface TicketLink {
  readonly conversationId: string;
  readonly integrationId: string;
  readonly state: TicketState;
  readonly revision: number;
  /** Marks the ticket in the other system, so that a search finds it. */
  readonly correlation: string;
  /** Milliseconds since the epoch, as all times. */
  readonly createdAt: number;
  readonly externalId?: string;
  readonly externalKey?: string;
  readonly url?: string;
  /** The last known status in the other system. */
  readonly remoteStatus?: string;
  /** By the clock of the other system. */
  readonly remoteStatusAt?: number;
  /** The account of the service in the other system, as far as answers told it. */
  readonly account?: string;
  readonly syncedSeq: number;
  /** The newest entry that an event announced. */
  readonly wantedSeq: number;
  /** The status of the conversation that the ticket has, or that came from it. */
  readonly sentStatus?: SupportStatus;
  /** Time of the oldest announced entry that was not sent. */
  readonly behindSince?: number;
  /** The ticket as the conversation shows it. */
  readonly shown?: TicketView;
  /** A request whose outcome is not known yet. */
  readonly attempt?: Attempt;
  /** Until then, one turn of the consumer works on the ticket. */
  readonly busyUntil?: number;
  readonly failures: number;
  readonly reason?: FailureReason | 'too-many-updates';
  /** Encrypted explanation of the other system. */
  readonly detail?: Uint8Array;
  readonly fuse: Fuse;
  readonly wakeAt?: number;
}

export type Attempt =
  | { readonly step: 'create'; readonly at: number }
  | { readonly step: 'comment'; readonly at: number; readonly fromSeq: number; readonly toSeq: number }
  | { readonly step: 'status'; readonly at: number };

/** Counts what went either way. */
export interface Fuse {
  readonly since: number;
  readonly count: number;
}
