import type { TicketRules } from '../../contract/schemas/integration.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { SupportState } from '../log/support-state.ts';

/** Decides on the state of the conversation and not on the event, so that late and repeated events decide the same. */
export function wantsTicket(
  { rules, enabled, createdAt }: Pick<IntegrationItem, 'rules' | 'enabled' | 'createdAt'>,
  state: SupportState,
): boolean {
  if (!enabled || state.wipedAt !== undefined || state.openedAt < createdAt) return false;
  const { teamIds, priorities } = rules;
  if (teamIds !== undefined && (state.teamId === undefined || !teamIds.includes(state.teamId))) return false;
  if (priorities !== undefined && !priorities.includes(state.priority)) return false;
  return isTime(rules.createOn, state);
}

function isTime(createOn: TicketRules['createOn'], { status, priority, urgency }: SupportState): boolean {
  switch (createOn) {
    case 'on-start':
      return true;
    case 'on-urgent':
      return priority === 'urgent' || urgency !== undefined;
    case 'on-resolve':
      return status === 'resolved' || status === 'closed';
    case 'by-hand':
      return false;
  }
}
