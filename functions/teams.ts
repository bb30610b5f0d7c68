import { agentRoutes } from '../shared/contract/desk/routes.ts';
import { teamRoutes } from '../shared/contract/teams/routes.ts';
import { listAgents, listAvailableAgents } from '../shared/features/desk/agents/list-agents.ts';
import { updateAgent } from '../shared/features/desk/agents/update-agent.ts';
import { createTeam, deleteTeam, listTeams, updateTeam } from '../shared/features/teams/manage-teams.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve([...teamRoutes, ...agentRoutes], {
  listTeams,
  createTeam,
  updateTeam,
  deleteTeam,
  listAgents,
  listAvailableAgents,
  updateAgent,
});
