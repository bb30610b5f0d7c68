import type { Role } from '../../contract/schemas/user.ts';
import type { Availability } from '../../contract/schemas/availability.ts';

export type DeskRole = Extract<Role, 'agent' | 'admin'>;

export function isDeskRole(role: Role): role is DeskRole {
  return role === 'agent' || role === 'admin';
}

/** An agent of the desk, stored at `keys.agent`. Its load changes only in transactions with the log. */
export interface AgentItem {
  readonly userId: string;
  /** A copy of the account's role. */
  readonly role: DeskRole;
  /** The name that customers see. */
  readonly displayName: string;
  readonly availability: Availability;
  readonly reason?: string;
  /** Milliseconds since the epoch, as all times. */
  readonly availabilityAt: number;
  /** When the last live connection ended; absent while one is open, or if none was ever open. */
  readonly goneSince?: number;
  readonly maxConcurrent: number;
  /** Active conversations that are assigned to the agent. */
  readonly load: number;
  /** When the agent last got a conversation or became available. */
  readonly idleSince: number;
  readonly teams: readonly string[];
  /** Of the last three days, so that the agent's devices can catch up. */
  readonly leftTeams?: readonly LeftTeam[];
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  /** False for a suspended account. */
  readonly canAct: boolean;
  /** When the service must look at the agent next. */
  readonly wakeAt?: number;
}

export interface LeftTeam {
  readonly teamId: string;
  readonly at: number;
}

const rememberedMs = 3 * 24 * 60 * 60 * 1000;

/** The teams that an agent has left, after another change of the agent's teams. */
export function leftTeamsAfter(
  { teams, leftTeams = [] }: Pick<AgentItem, 'teams' | 'leftTeams'>,
  next: readonly string[],
  at: number,
): readonly LeftTeam[] {
  const left = teams.filter((teamId) => !next.includes(teamId)).map((teamId) => ({ teamId, at }));
  const known = leftTeams.filter((team) => team.at > at - rememberedMs && !next.includes(team.teamId));
  return [...known.filter(({ teamId }) => !left.some((team) => team.teamId === teamId)), ...left];
}

export const defaultMaxConcurrent = 5;

export function newAgent(userId: string, role: DeskRole, displayName: string, at: number): AgentItem {
  return {
    userId,
    role,
    displayName,
    availability: 'offline',
    availabilityAt: at,
    maxConcurrent: defaultMaxConcurrent,
    load: 0,
    idleSince: at,
    teams: [],
    skills: [],
    languages: [],
    canAct: true,
  };
}
