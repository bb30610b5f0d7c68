import type { EntryContent } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';

/**
 * Applies an edit, a deletion or a reaction to its message.
 * @throws Error if entries of this kind change no message.
 */
export function withChange(message: LogEntry, change: LogEntry, content: EntryContent): LogEntry {
  const changes = change.kind.changesMessage?.(message, change, content);
  if (changes === undefined) throw new Error(`Not a change: ${change.kind.name}`);
  const { revision } = change.state;
  const last = { updatedSeq: change.seq, ...(revision === 0 ? {} : { revision }) };
  return { ...message, changes: { ...message.changes, ...changes, ...last } };
}

export type EditDecision =
  { readonly kind: 'allowed' } | { readonly kind: 'not-sender' | 'deleted' | 'too-late' | 'no-message' };

export interface EditRight {
  readonly userId: string;
  /** Minutes after sending in which a message may be changed; `null` for always, 0 for never. */
  readonly windowMinutes: number | null;
  /**
   * The end of a live location. Until then it can be moved, even after `windowMinutes`. Milliseconds since the epoch.
   */
  readonly liveUntil?: number | undefined;
}

/** Whether a user may edit or delete a message now. */
export function mayChange(message: LogEntry, right: EditRight, now: number): EditDecision {
  if (!message.kind.isMessage) return { kind: 'no-message' };
  if (message.senderId !== right.userId) return { kind: 'not-sender' };
  if (message.changes.deletion !== undefined) return { kind: 'deleted' };
  if (right.liveUntil !== undefined && now < right.liveUntil) return { kind: 'allowed' };
  if (right.windowMinutes === null) return { kind: 'allowed' };
  return now < message.createdAt + right.windowMinutes * 60_000 ? { kind: 'allowed' } : { kind: 'too-late' };
}
