import type { EntryChanges, LogEntry, Reactions } from './log-entry.ts';

/** Different emojis that one message takes, and reactions in all: they travel whole, and have to fit a frame. */
export const emojisPerMessage = 20;
export const reactionsPerMessage = 500;

/** Numbers of edits that a message remembers. */
export const rememberedEdits = 100;

/** The message with an edit, a deletion or a reaction folded in. */
export function withChange(message: LogEntry, change: LogEntry, reactions?: Reactions): LogEntry {
  const changes = changeOf(message, change, reactions);
  return { ...message, changes: { ...message.changes, ...changes, updatedSeq: change.seq } };
}

function changeOf(message: LogEntry, change: LogEntry, reactions: Reactions | undefined): Partial<EntryChanges> {
  switch (change.kind) {
    case 'edit':
      return {
        edit: { seq: change.seq, at: change.createdAt, content: change.content },
        edits: [...(message.changes.edits ?? []), change.seq].slice(-rememberedEdits),
      };
    case 'deletion':
      return { deletion: { seq: change.seq, at: change.createdAt, by: change.senderId }, reactions: {} };
    case 'reaction':
      return reactions === undefined ? {} : { reactions };
    default:
      throw new Error(`An entry of the kind ${change.kind} changes no message`);
  }
}

export type ReactionDecision =
  | { readonly kind: 'change'; readonly reactions: Reactions }
  /** It is so already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'too-many' };

/** What a user's reaction makes of a message's reactions. Each user has each emoji once. */
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
  const left = users.filter((one) => one !== userId);
  const { [emoji]: _, ...others } = reactions;
  return { kind: 'change', reactions: left.length === 0 ? others : { ...reactions, [emoji]: left } };
}

export type EditDecision =
  { readonly kind: 'allowed' } | { readonly kind: 'not-sender' | 'deleted' | 'too-late' | 'no-message' };

export interface EditRight {
  readonly userId: string;
  /** Minutes after sending in which a message may be changed: `null` is always, 0 never. */
  readonly windowMinutes: number | null;
  /** Until when a live location may be moved, whatever the tail. Milliseconds since the epoch. */
  readonly liveUntil?: number | undefined;
}

/** Whether a user may edit or delete a message now. */
export function mayChange(message: LogEntry, right: EditRight, now: number): EditDecision {
  if (message.kind !== 'message') return { kind: 'no-message' };
  if (message.senderId !== right.userId) return { kind: 'not-sender' };
  if (message.changes.deletion !== undefined) return { kind: 'deleted' };
  if (right.liveUntil !== undefined && now < right.liveUntil) return { kind: 'allowed' };
  if (right.windowMinutes === null) return { kind: 'allowed' };
  return now < message.createdAt + right.windowMinutes * 60_000 ? { kind: 'allowed' } : { kind: 'too-late' };
}
