import type { MessageReactions, reactionProblems } from '../contract/messages/reactions.ts';
import { messageDeleted, messageNotFound, tooManyReactions } from '../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../handler/refusal.ts';
import { type ChangeDecision, type ChangeInput, changeMessage } from './change-message.ts';
import { react } from './log/change-rules.ts';
import { reactionsOf } from './message-view.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOfOwn } from './send-refusal.ts';

export interface ReactionInput extends ChangeInput<MessageReactions> {
  readonly emoji: string;
  /** False takes the reaction back. */
  readonly added: boolean;
}

type Refused = Refusal<typeof messageNotFound | typeof messageDeleted | typeof tooManyReactions>;

/** Adds a user's reaction to a message, or takes it back. */
export async function reactToMessage(
  input: ReactionInput,
): Promise<MessageReactions | Refusal<(typeof reactionProblems)[number]>> {
  const { principal, conversationId, emoji, added } = input;
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const outcome = await changeMessage<Refused, MessageReactions>(input, context, {
    kind: 'reaction',
    content: { type: 'reaction', emoji, added },
    decide: (message): ChangeDecision<Refused> => {
      if (message.kind !== 'message') return { kind: 'refused', refusal: refuse(messageNotFound) };
      if (message.changes.deletion !== undefined) return { kind: 'refused', refusal: refuse(messageDeleted) };
      const decision = react(message.changes.reactions, principal.userId, emoji, added);
      if (decision.kind === 'too-many') return { kind: 'refused', refusal: refuse(tooManyReactions) };
      return decision;
    },
    answer: ({ seq, changes }) => ({
      conversationId,
      messageSeq: seq,
      updatedSeq: changes.updatedSeq,
      reactions: reactionsOf(changes.reactions),
    }),
  });
  return 'unwritten' in outcome ? refusalOfOwn(outcome.unwritten) : outcome;
}
