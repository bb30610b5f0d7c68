import { teamRoutes } from '../shared/contract/teams/routes.ts';
import { createTeam, deleteTeam, listTeams, updateTeam } from '../shared/features/teams/manage-teams.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(teamRoutes, { listTeams, createTeam, updateTeam, deleteTeam });
