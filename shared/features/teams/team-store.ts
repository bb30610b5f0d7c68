import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** A team, stored at `keys.team`. Its name is encrypted under the tenant's key. */
export interface TeamItem {
  readonly teamId: string;
  readonly name: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
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
