import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { SupportState } from '../log/support-state.ts';
import { readTakingTeam, takesConversations } from '../teams/team-store.ts';

/** A conversation that is opened again after the deletion of its team belongs to no team, so that every agent sees it. */
export async function withExistingTeam(scope: TenantScope, state: SupportState): Promise<SupportState> {
  const { teamId, ...others } = state;
  if (teamId === undefined || (await readTakingTeam(scope, teamId)) !== undefined) return state;
  return others;
}

/**
 * Belongs into every transaction by which a conversation arrives in a team or is opened again in it. It fails if the team
 * was deleted meanwhile, so that every open conversation is in a list that agents see.
 */
export function checkTeam(work: UnitOfWork, { teamId }: Pick<SupportState, 'teamId'>, at: number): void {
  if (teamId !== undefined) work.check('team', keys.team(teamId), takesConversations(at));
}
