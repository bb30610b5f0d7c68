import type {
  addReaction as addReactionRoute,
  ReactionOutcome,
  reactionProblems,
  reactionRemovalProblems,
} from '../../contract/messages/reactions.ts';
import { messageDeleted, messageNotFound, tooManyReactions } from '../../contract/problems.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { type ChangeDecision, changeMessage } from './change-message.ts';
import { reactionKind } from '../log/entry-kinds.ts';
import { react, type ReactionDecision, reactionsOf } from '../log/reaction-rules.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOf } from '../log/append-refusal.ts';

type ReactionInput = InputOf<typeof addReactionRoute>;
type Caller = CallerConnection<ReactionOutcome>;
type Gone = Refusal<typeof messageNotFound | typeof messageDeleted>;

export function addReaction(
  principal: Principal,
  input: ReactionInput,
  caller?: Caller,
): Promise<ReactionOutcome | Refusal<(typeof reactionProblems)[number]>> {
  return changeReaction<Refusal<typeof tooManyReactions>>(principal, input, caller, true, (decision) =>
    decision.kind === 'too-many' ? { kind: 'refused', refusal: refuse(tooManyReactions) } : decision,
  );
}

export function removeReaction(
  principal: Principal,
  input: ReactionInput,
  caller?: Caller,
): Promise<ReactionOutcome | Refusal<(typeof reactionRemovalProblems)[number]>> {
  return changeReaction<never>(principal, input, caller, false, (decision) => {
    if (decision.kind === 'too-many') throw new Error('A removal cannot exceed the limits');
    return decision;
  });
}

async function changeReaction<Further extends Refusal>(
  principal: Principal,
  { conversationId, seq, emoji, clientMessageId }: ReactionInput,
  caller: Caller | undefined,
  added: boolean,
  toDecision: (decision: ReactionDecision) => ChangeDecision<Further>,
) {
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const outcome = await changeMessage<Further | Gone, ReactionOutcome>(
    principal,
    context,
    {
      kind: reactionKind,
      seq,
      clientMessageId,
      content: { type: 'reaction', emoji, added },
      decide: (message): ChangeDecision<Further | Gone> => {
        if (!message.kind.isMessage) return { kind: 'refused', refusal: refuse(messageNotFound) };
        if (message.changes.deletion !== undefined) return { kind: 'refused', refusal: refuse(messageDeleted) };
        return toDecision(react(message.changes.reactions, principal.userId, emoji, added));
      },
      answer: ({ changes }, written) => ({
        conversationId,
        messageSeq: seq,
        updatedSeq: changes.updatedSeq,
        reactions: reactionsOf(changes.reactions),
        ...(written && { seq: written.seq }),
      }),
    },
    caller,
  );
  return 'unwritten' in outcome ? refusalOf(outcome.unwritten) : outcome;
}
