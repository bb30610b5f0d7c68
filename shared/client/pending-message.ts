import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { OutgoingTask } from './outgoing-task.ts';

/** `queued` waits for its turn, for a connection or for its next attempt; `failed` was refused for good. */
export type OutgoingState = 'queued' | 'sending' | 'sent' | 'failed';

/** A message, or a change of one, on its way. */
export interface PendingMessage {
  /** Stays the same until it is stored or given up. */
  readonly localId: string;
  /** What the server knows it by. It changes only if the server has certainly not taken it. */
  readonly clientMessageId: string;
  readonly conversationId: string;
  readonly task: OutgoingTask;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly writtenAt: number;
  /** Ascending in the order of writing. */
  readonly order: number;
  /** What is `sent` is not pending any more. */
  readonly state: Exclude<OutgoingState, 'sent'>;
  /** True once an attempt had no answer: it may be stored already. */
  readonly uncertain: boolean;
  /** While queued: the next attempt comes by itself at this time of the device's clock, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** The last refusal. */
  readonly problem?: ProblemBody;
}

/** How an attempt ended. What is stored is the message as it is now, or all reactions of it. */
export type SendOutcome =
  | { readonly ok: true; readonly message: Message; readonly reactions?: undefined }
  | { readonly ok: true; readonly message?: undefined; readonly reactions: ReactionOutcome }
  | { readonly ok: false; readonly problem: ProblemBody; readonly message?: undefined; readonly reactions?: undefined };

export type StoredOutcome = Extract<SendOutcome, { ok: true }>;
