import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Outgoing } from './outbox.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';
import { RefusedError } from './refused-error.ts';

/** Something on its way. It goes there also if nobody waits for it. */
export interface Sent<Result> {
  /** Names it in the timeline's `pending`. */
  readonly localId: string;
  /**
   * With an `outbox`, resolves once it is stored and survives the end of the program. Rejects if the `outbox` could not
   * store it; the client still sends it while the program runs.
   */
  readonly kept: Promise<void>;
  /**
   * Resolves with the stored result; rejects with a {@link RefusedError} if it was refused for good or cannot be sent.
   */
  readonly stored: Promise<Result>;
}

export type SentMessage = Sent<Message>;
export type SentReaction = Sent<ReactionOutcome>;

/** A message, a change or a reaction. */
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
    if (result === undefined) throw new TypeError('The answer is not one to what was sent');
    return result;
  });
  // The timeline tells of a refusal too; whoever does not wait must not be surprised by it.
  stored.catch(() => undefined);
  kept.catch(() => undefined);
  return { localId: pending.localId, kept, stored };
}
