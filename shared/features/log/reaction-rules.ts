import type { Reaction } from '../../contract/schemas/message.ts';
import type { Reactions } from './log-entry.ts';

/** All reactions of a message must fit into a frame. */
export const emojisPerMessage = 20;
export const reactionsPerMessage = 500;

export type ReactionDecision =
  | { readonly kind: 'change'; readonly reactions: Reactions }
  | { readonly kind: 'same' }
  | { readonly kind: 'too-many' };

export function react(reactions: Reactions, userId: string, emoji: string, added: boolean): ReactionDecision {
  const changed = withReaction(reactions, userId, emoji, added);
  if (changed === reactions) return { kind: 'same' };
  const all = Object.values(changed).reduce((sum, users) => sum + users.length, 0);
  const isTooMany = all > reactionsPerMessage || Object.keys(changed).length > emojisPerMessage;
  return added && isTooMany ? { kind: 'too-many' } : { kind: 'change', reactions: changed };
}

/** Enforces no limits, because replaying a log must not depend on later limits. */
export function withReaction(reactions: Reactions, userId: string, emoji: string, added: boolean): Reactions {
  const users = (Object.hasOwn(reactions, emoji) ? reactions[emoji] : undefined) ?? [];
  if (users.includes(userId) === added) return reactions;
  if (added) return { ...reactions, [emoji]: [...users, userId] };
  const { [emoji]: _, ...others } = reactions;
  return users.length === 1 ? others : { ...reactions, [emoji]: users.filter((user) => user !== userId) };
}

/** Sorted by emoji. */
export function reactionsOf(reactions: Reactions): Reaction[] {
  return Object.entries(reactions)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([emoji, userIds]) => ({ emoji, userIds: [...userIds] }));
}
