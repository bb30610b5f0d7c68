import type { SupportConversation } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { SupportState } from '../log/support-state.ts';
import { type DeskTerms, wakeTimeOf } from './support-rules.ts';

/** The conversation's item after an entry that changes its state. */
export function nextConversation(
  before: SupportConversation,
  support: SupportState,
  { createdAt, state }: Pick<LogEntry, 'createdAt' | 'state'>,
  terms: DeskTerms,
): SupportConversation {
  const { wakeAt: _, ...kept } = before;
  return withWakeTime({ ...kept, support, revision: state.revision, revisedAt: createdAt }, terms, createdAt);
}

/** A conversation that begins to wait wakes at once: if its function fails, the service still looks for an agent. */
export function withWakeTime(item: SupportConversation, terms: DeskTerms, now: number): SupportConversation {
  const wakeAt = item.support.status === 'waiting' ? now : wakeTimeOf(item.support, terms);
  return wakeAt === undefined ? item : { ...item, wakeAt };
}
