import type { AlertedGroup } from '../../../contract/schemas/support.ts';

interface Alertable {
  readonly role: 'agent' | 'admin';
  readonly teams: readonly string[];
}

/** Whether a step of the escalation that alerts `groups` alerts this agent. @param teamId - the conversation's team. */
export function isInGroups(
  { role, teams }: Alertable,
  teamId: string | undefined,
  groups: readonly AlertedGroup[],
): boolean {
  return (
    groups.includes('agents') ||
    (groups.includes('team') && (teamId === undefined || teams.includes(teamId))) ||
    (groups.includes('admins') && role === 'admin')
  );
}
