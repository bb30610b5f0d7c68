import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Outgoing } from './outbox-options.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';
import { RefusedError } from './refused-error.ts';

/** The client sends the change even if these promises are not awaited. */
export interface Sent<Result> {
  readonly localId: string;
  /** Resolves once the change is in the `outbox`, if any. Rejects if storing fails; sending continues. */
  readonly kept: Promise<void>;
  /** Rejects with {@link RefusedError} if the change is rejected for good or cannot be sent. */
  readonly stored: Promise<Result>;
}

export type SentMessage = Sent<Message>;
export type SentReaction = Sent<ReactionOutcome>;

export type SentStart = Sent<Conversation>;

export type SentAgain = Sent<Message | ReactionOutcome | Conversation>;

type Unsettled = Pick<Outgoing, 'outcome' | 'kept'> & { readonly pending: Pick<PendingMessage, 'localId'> };

export function messageSent(outgoing: Unsettled): SentMessage {
  return sent(outgoing, ({ message }) => message);
}

export function reactionSent(outgoing: Unsettled): SentReaction {
  return sent(outgoing, ({ reactions }) => reactions);
}

export function startSent(outgoing: Unsettled): SentStart {
  return sent(outgoing, ({ conversation }) => conversation);
}

export function sentAgain(outgoing: Unsettled): SentAgain {
  return sent<Message | ReactionOutcome | Conversation>(
    outgoing,
    ({ message, reactions, conversation }) => message ?? reactions ?? conversation,
  );
}

function sent<Result>(
  { pending, outcome, kept }: Unsettled,
  resultOf: (outcome: StoredOutcome) => Result | undefined,
): Sent<Result> {
  const stored = outcome.then((settled) => {
    if (!settled.ok) throw new RefusedError(settled.problem);
    const result = resultOf(settled);
    if (result === undefined) throw new TypeError('The answer does not match the request');
    return result;
  });
  // The timeline shows failures. An unhandled rejection must not end the program.
  stored.catch(() => undefined);
  kept.catch(() => undefined);
  return { localId: pending.localId, kept, stored };
}
