import type { ConversationItem } from './conversation-item.ts';
import type { EntryContent } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';

/** @throws Error if entries of this kind change no message. */
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
  /** Minutes after sending; `null` for always, 0 for never. */
  readonly windowMinutes: number | null;
  /** Milliseconds since the epoch. Until then a live location can be moved, even after `windowMinutes`. */
  readonly liveUntil?: number | undefined;
}

export function mayChange(message: LogEntry, right: EditRight, now: number): EditDecision {
  if (!message.kind.isMessage) return { kind: 'no-message' };
  if (message.senderId !== right.userId) return { kind: 'not-sender' };
  if (message.changes.deletion !== undefined) return { kind: 'deleted' };
  if (right.liveUntil !== undefined && now < right.liveUntil) return { kind: 'allowed' };
  if (right.windowMinutes === null) return { kind: 'allowed' };
  return now < message.createdAt + right.windowMinutes * 60_000 ? { kind: 'allowed' } : { kind: 'too-late' };
}

/**
 * Whether a message can still be changed. Closing a support conversation ends that, except for notes, which agents write
 * in every status. Nothing of a wiped conversation changes.
 */
export function acceptsChanges(item: ConversationItem, { kind }: Pick<LogEntry, 'kind'>): boolean {
  if (item.kind !== 'support') return true;
  const { status, wipedAt } = item.support;
  return wipedAt === undefined && (status !== 'closed' || kind.audience === 'agents');
}
