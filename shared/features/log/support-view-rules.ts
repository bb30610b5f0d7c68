import type { SupportStateView } from '../../contract/schemas/support.ts';
import type { Audience } from './log-entry.ts';

/** Customers see only the members that concern them. */
export function supportFor(support: SupportStateView, audiences: readonly Audience[]): SupportStateView {
  if (audiences.includes('agents')) return support;
  const { tags: _tags, sla: _sla, archived: _archived, ticket: _ticket, urgency, ...shown } = support;
  if (urgency === undefined) return shown;
  const { step: _step, alerted: _alerted, ...shownUrgency } = urgency;
  return { ...shown, urgency: shownUrgency };
}
