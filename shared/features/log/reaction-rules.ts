import type { Reaction } from '../../contract/schemas/message.ts';
import type { Reactions } from './log-entry.ts';

/** Limits of one message: different emojis, and reactions in all. They travel together and have to fit a frame. */
export const emojisPerMessage = 20;
export const reactionsPerMessage = 500;

export type ReactionDecision =
  | { readonly kind: 'change'; readonly reactions: Reactions }
  /** The user has, or does not have, this reaction already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'too-many' };

/** Adds or removes a user's reaction. Each user has each emoji at most once. */
export function react(reactions: Reactions, userId: string, emoji: string, added: boolean): ReactionDecision {
  const users = Object.hasOwn(reactions, emoji) ? (reactions[emoji] ?? []) : [];
  if (users.includes(userId) === added) return { kind: 'same' };
  if (added) {
    const all = Object.values(reactions).reduce((sum, each) => sum + each.length, 0);
    const isNew = users.length === 0;
    if (all >= reactionsPerMessage || (isNew && Object.keys(reactions).length >= emojisPerMessage)) {
      return { kind: 'too-many' };
    }
    return { kind: 'change', reactions: { ...reactions, [emoji]: [...users, userId] } };
  }
  const remaining = users.filter((user) => user !== userId);
  const { [emoji]: _, ...others } = reactions;
  return { kind: 'change', reactions: remaining.length === 0 ? others : { ...reactions, [emoji]: remaining } };
}

/** Reactions as clients see them, sorted by emoji. */
export function reactionsOf(reactions: Reactions): Reaction[] {
  return Object.entries(reactions)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([emoji, userIds]) => ({ emoji, userIds: [...userIds] }));
}
