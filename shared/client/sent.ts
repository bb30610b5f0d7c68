import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Outgoing } from './outbox.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';
import { RefusedError } from './refused-error.ts';

/** A change that is being sent. The client sends it even if the program does not await these promises. */
export interface Sent<Result> {
  /** The id of the change in the timeline's `pending`. */
  readonly localId: string;
  /**
   * Resolves once the change is in the `outbox`, if there is one. Rejects if it cannot be stored. The client still
   * sends it while the program runs.
   */
  readonly kept: Promise<void>;
  /** Rejects with a {@link RefusedError} if the server rejects the change for good, or if it cannot be sent. */
  readonly stored: Promise<Result>;
}

export type SentMessage = Sent<Message>;
export type SentReaction = Sent<ReactionOutcome>;

/** A retried message, edit, deletion or reaction. */
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
  // The timeline shows failures too, so an unhandled rejection must not end the program.
  stored.catch(() => undefined);
  kept.catch(() => undefined);
  return { localId: pending.localId, kept, stored };
}
