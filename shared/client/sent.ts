import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Outgoing } from './outbox.ts';
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

export type SentAgain = Sent<Message | ReactionOutcome>;

type Unsettled = Pick<Outgoing, 'outcome' | 'kept'> & { readonly pending: Pick<PendingMessage, 'localId'> };

export function messageSent(outgoing: Unsettled): SentMessage {
  return sent(outgoing, ({ message }) => message);
}

export function reactionSent(outgoing: Unsettled): SentReaction {
  return sent(outgoing, ({ reactions }) => reactions);
}

export function sentAgain(outgoing: Unsettled): SentAgain {
  return sent(outgoing, ({ message, reactions }) => message ?? reactions);
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
