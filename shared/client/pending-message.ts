import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { OutgoingTask } from './outgoing-task.ts';

/** `queued` waits for its turn, a connection or its next attempt. `failed` was rejected for good. */
export type OutgoingState = 'queued' | 'sending' | 'sent' | 'failed';

/** A message, or a change of a message, that is not stored yet. */
export interface PendingMessage {
  readonly localId: string;
  /** The id on the server. It changes only if the server has certainly not stored the message. */
  readonly clientMessageId: string;
  readonly conversationId: string;
  readonly task: OutgoingTask;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly writtenAt: number;
  readonly order: number;
  readonly state: Exclude<OutgoingState, 'sent'>;
  /** True after an attempt without an answer: the server may have stored the message. */
  readonly uncertain: boolean;
  /** The time of the next attempt, by the device's clock, in milliseconds since the epoch. */
  readonly retryAt?: number;
  readonly problem?: ProblemBody;
}

/** The result of an attempt: the current message, all its reactions, or a problem. */
export type SendOutcome =
  | { readonly ok: true; readonly message: Message; readonly reactions?: undefined }
  | { readonly ok: true; readonly message?: undefined; readonly reactions: ReactionOutcome }
  | { readonly ok: false; readonly problem: ProblemBody; readonly message?: undefined; readonly reactions?: undefined };

export type StoredOutcome = Extract<SendOutcome, { ok: true }>;
