import type { Reaction } from '../../contract/schemas/message.ts';
import type { Reactions } from './log-entry.ts';

/**
 * Limits of one message: different emojis, and reactions in total. All of them are sent together and must fit into a
 * frame.
 */
export const emojisPerMessage = 20;
export const reactionsPerMessage = 500;

export type ReactionDecision =
  | { readonly kind: 'change'; readonly reactions: Reactions }
  /** The user has, or does not have, this reaction already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'too-many' };

/** Decides whether a user can add or remove a reaction. */
export function react(reactions: Reactions, userId: string, emoji: string, added: boolean): ReactionDecision {
  const changed = withReaction(reactions, userId, emoji, added);
  if (changed === reactions) return { kind: 'same' };
  const all = Object.values(changed).reduce((sum, users) => sum + users.length, 0);
  const isTooMany = all > reactionsPerMessage || Object.keys(changed).length > emojisPerMessage;
  return added && isTooMany ? { kind: 'too-many' } : { kind: 'change', reactions: changed };
}

/**
 * The reactions after a user added or removed one. Each user has each emoji at most once. Enforces no limits, because
 * replaying a log must not depend on limits that were introduced later.
 */
export function withReaction(reactions: Reactions, userId: string, emoji: string, added: boolean): Reactions {
  const users = (Object.hasOwn(reactions, emoji) ? reactions[emoji] : undefined) ?? [];
  if (users.includes(userId) === added) return reactions;
  if (added) return { ...reactions, [emoji]: [...users, userId] };
  const { [emoji]: _, ...others } = reactions;
  return users.length === 1 ? others : { ...reactions, [emoji]: users.filter((user) => user !== userId) };
}

/** Reactions as clients see them, sorted by emoji. */
export function reactionsOf(reactions: Reactions): Reaction[] {
  return Object.entries(reactions)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([emoji, userIds]) => ({ emoji, userIds: [...userIds] }));
}
