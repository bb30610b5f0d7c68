import { defineEntryKind } from '../define-entry-kind.ts';
import { react, reactionsOf } from '../reaction-rules.ts';

export interface ReactionContent {
  readonly type: 'reaction';
  readonly emoji: string;
  /** False if the user removed the reaction. */
  readonly added: boolean;
}

export const reactionKind = defineEntryKind<ReactionContent>({
  name: 'reaction',
  letter: 'r',
  audience: 'everyone',
  isShown: false,
  isMessage: false,
  countsAsUnread: false,
  changesMessage: ({ changes }, { senderId }, { emoji, added }) => {
    const decision = react(changes.reactions, senderId, emoji, added);
    return decision.kind === 'change' ? { reactions: decision.reactions } : {};
  },
  serverEvent: {
    type: 'reaction.updated',
    data: ({ conversationId, entry, subject: { seq, changes }, content }) => {
      const { emoji, added } = content();
      return {
        conversationId,
        messageSeq: seq,
        updatedSeq: changes.updatedSeq,
        reactions: reactionsOf(changes.reactions),
        userId: entry.senderId,
        emoji,
        added,
      };
    },
  },
  busEvent: 'reaction.updated',
});
