import type { Principal } from '../../core/tenancy/principal.ts';
import { teamsOf } from '../log/reader.ts';
import { readTeams } from '../teams/team-store.ts';

/** The teams whose conversations the caller has access to. `undefined` stands for conversations without a team. */
export async function reachableTeams({ scope, userId, role }: Principal): Promise<readonly (string | undefined)[]> {
  const ids = role === 'agent' ? await teamsOf(scope, userId) : (await readTeams(scope)).map(({ teamId }) => teamId);
  return [undefined, ...ids];
}
