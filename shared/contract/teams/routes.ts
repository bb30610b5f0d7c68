import { createTeam, deleteTeam, listTeams, updateTeam } from './teams.ts';

export const teamRoutes = [listTeams, createTeam, updateTeam, deleteTeam] as const;
