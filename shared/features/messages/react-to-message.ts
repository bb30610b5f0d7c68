import type { ReactionOutcome, reactionProblems, reactionRemovalProblems } from '../../contract/messages/reactions.ts';
import { messageDeleted, messageNotFound, tooManyReactions } from '../../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { type ChangeDecision, type ChangeInput, changeMessage } from './change-message.ts';
import { reactionKind } from '../log/kinds/reaction.ts';
import { react, type ReactionDecision, reactionsOf } from '../log/reaction-rules.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOfOwn } from './send-refusal.ts';

export interface ReactionInput extends ChangeInput<ReactionOutcome> {
  readonly emoji: string;
}

type Gone = Refusal<typeof messageNotFound | typeof messageDeleted>;

/** Adds a user's reaction to a message. */
export function addReaction(
  input: ReactionInput,
): Promise<ReactionOutcome | Refusal<(typeof reactionProblems)[number]>> {
  return changeReaction<Refusal<typeof tooManyReactions>>(input, true, (decision) =>
    decision.kind === 'too-many' ? { kind: 'refused', refusal: refuse(tooManyReactions) } : decision,
  );
}

/** Takes a user's reaction back. */
export function removeReaction(
  input: ReactionInput,
): Promise<ReactionOutcome | Refusal<(typeof reactionRemovalProblems)[number]>> {
  return changeReaction<never>(input, false, (decision) => {
    if (decision.kind === 'too-many') throw new Error('Taking a reaction back makes them fewer');
    return decision;
  });
}

async function changeReaction<Further extends Refusal>(
  input: ReactionInput,
  added: boolean,
  toDecision: (decision: ReactionDecision) => ChangeDecision<Further>,
) {
  const { principal, conversationId, emoji } = input;
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const outcome = await changeMessage<Further | Gone, ReactionOutcome>(input, context, {
    kind: reactionKind,
    content: { type: 'reaction', emoji, added },
    decide: (message): ChangeDecision<Further | Gone> => {
      if (!message.kind.isMessage) return { kind: 'refused', refusal: refuse(messageNotFound) };
      if (message.changes.deletion !== undefined) return { kind: 'refused', refusal: refuse(messageDeleted) };
      return toDecision(react(message.changes.reactions, principal.userId, emoji, added));
    },
    answer: ({ seq, changes }, written) => ({
      conversationId,
      messageSeq: seq,
      updatedSeq: changes.updatedSeq,
      reactions: reactionsOf(changes.reactions),
      ...(written && { seq: written.seq }),
    }),
  });
  return 'unwritten' in outcome ? refusalOfOwn(outcome.unwritten) : outcome;
}
