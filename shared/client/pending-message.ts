import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
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
  /** In support conversations, urgent messages go first, and texts before files. */
  readonly byUrgency?: boolean;
}

interface Results {
  readonly message: Message;
  readonly reactions: ReactionOutcome;
  readonly conversation: Conversation;
}

type Only<Name extends keyof Results> = Pick<Results, Name> & {
  readonly [Other in Exclude<keyof Results, Name>]?: undefined;
};

export type SendOutcome =
  | ({ readonly ok: true } & (Only<'message'> | Only<'reactions'> | Only<'conversation'>))
  | ({ readonly ok: false; readonly problem: ProblemBody } & Only<never>);

export type StoredOutcome = Extract<SendOutcome, { ok: true }>;
