import { defineEntryKind } from '../define-entry-kind.ts';
import { reactionsOf, withReaction } from '../reaction-rules.ts';

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
  changesMessage: ({ changes }, { senderId }, { emoji, added }) => ({
    reactions: withReaction(changes.reactions, senderId, emoji, added),
  }),
  serverEvent: {
    type: 'reaction.updated',
    data: ({ conversationId, entry, subject: { seq, changes }, content }) => {
      const { type: _, ...reaction } = content();
      return {
        conversationId,
        messageSeq: seq,
        updatedSeq: changes.updatedSeq,
        reactions: reactionsOf(changes.reactions),
        userId: entry.senderId,
        ...reaction,
      };
    },
  },
  busEvent: 'reaction.updated',
});
