import type { AlertedGroup } from '../../../contract/schemas/support.ts';

interface Alertable {
  readonly userId: string;
  readonly role: 'agent' | 'admin';
  readonly teams: readonly string[];
}

interface AlertContext {
  /** The conversation's team. */
  readonly teamId: string | undefined;
  readonly onCallIds: readonly string[];
}

/** Whether a step of the escalation that alerts `groups` alerts this agent. */
export function isInGroups(
  { userId, role, teams }: Alertable,
  { teamId, onCallIds }: AlertContext,
  groups: readonly AlertedGroup[],
): boolean {
  return (
    groups.includes('agents') ||
    (groups.includes('team') && (teamId === undefined || teams.includes(teamId))) ||
    (groups.includes('admins') && role === 'admin') ||
    (groups.includes('on-call') && onCallIds.includes(userId))
  );
}
