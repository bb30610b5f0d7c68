import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { OutgoingTask } from './outgoing-task.ts';

/** `queued`: waits for its turn, a connection or a retry. `failed`: rejected for good. */
export type OutgoingState = 'queued' | 'sending' | 'sent' | 'failed';

export interface PendingMessage {
  readonly localId: string;
  /** Changes only if the server has certainly not stored the message. */
  readonly clientMessageId: string;
  readonly conversationId: string;
  readonly task: OutgoingTask;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly writtenAt: number;
  readonly order: number;
  readonly state: Exclude<OutgoingState, 'sent'>;
  /** The server may have stored the message. */
  readonly uncertain: boolean;
  /** Milliseconds since the epoch, by the device's clock. */
  readonly retryAt?: number;
  readonly problem?: ProblemBody;
}

export type SendOutcome =
  | { readonly ok: true; readonly message: Message; readonly reactions?: undefined }
  | { readonly ok: true; readonly message?: undefined; readonly reactions: ReactionOutcome }
  | { readonly ok: false; readonly problem: ProblemBody; readonly message?: undefined; readonly reactions?: undefined };

export type StoredOutcome = Extract<SendOutcome, { ok: true }>;
