import type { SupportConversation } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { SupportState } from '../log/support-state.ts';
import { type DeskTerms, wakeTimeOf } from './support-rules.ts';

/**
 * The conversation's item after an entry that changes its state. A conversation that begins to wait wakes at once: if
 * its function fails, the service still looks for an agent. A wiped one does not keep what it was opened with.
 *
 * @param takeOverAt - when the conversation of an absent agent returns to the queue.
 */
export function nextConversation(
  before: SupportConversation,
  support: SupportState,
  { createdAt, state }: Pick<LogEntry, 'createdAt' | 'state'>,
  terms: DeskTerms,
  takeOverAt?: number,
): SupportConversation {
  const { wakeAt: _, incidentId, templateId, ...kept } = before;
  const isWiped = support.wipedAt !== undefined;
  const origin = {
    ...(isWiped || incidentId === undefined ? {} : { incidentId }),
    ...(isWiped || templateId === undefined ? {} : { templateId }),
  };
  const next = { ...kept, ...origin, support, revision: state.revision, revisedAt: createdAt };
  const beginsToWait = support.status === 'waiting' && before.support.status !== 'waiting';
  const times = [beginsToWait ? createdAt : wakeTimeOf(support, terms), takeOverAt].filter((at) => at !== undefined);
  return times.length === 0 ? next : { ...next, wakeAt: Math.min(...times) };
}
