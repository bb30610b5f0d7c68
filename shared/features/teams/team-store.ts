import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** A team, stored at `keys.team`. Its name is encrypted under the tenant's key. */
export interface TeamItem {
  readonly teamId: string;
  readonly name: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Until then, a request that deletes the team may be running. Milliseconds since the epoch. */
  readonly deletingUntil?: number;
}

/** Longer than a request takes. After the failure of a request, the team takes conversations again. */
export const deletingMs = 60_000;

/** The condition under which a team takes conversations. */
export function takesConversations(at: number): Expression {
  return {
    expression: 'attribute_exists(#pk) AND (attribute_not_exists(#deletingUntil) OR #deletingUntil < :teamAt)',
    values: { teamAt: at },
  };
}

/** Undefined for a team that takes no conversations. Reads consistently. */
export async function readTakingTeam(scope: TenantScope, teamId: string): Promise<TeamItem | undefined> {
  const team = await readTeam(scope, teamId);
  return team?.deletingUntil !== undefined && team.deletingUntil >= now() ? undefined : team;
}

/** Reads consistently. */
export function readTeam(scope: TenantScope, teamId: string): Promise<TeamItem | undefined> {
  return tenantTable(scope).get<TeamItem>(keys.team(teamId), { consistent: true });
}

export const mostTeams = 50;

/** All teams by id, oldest first. Reads consistently. A tenant has at most 50. */
export async function readTeams(scope: TenantScope): Promise<readonly TeamItem[]> {
  const { pk } = keys.team('');
  const { items } = await tenantTable(scope).query<TeamItem>({ pk, consistent: true });
  return items;
}
