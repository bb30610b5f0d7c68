import * as z from 'zod/mini';
import { teamInUse, teamLimitReached, teamNameTaken, teamNotFound } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { timestamp } from '../schemas/ids.ts';
import { teamId } from '../schemas/support.ts';
import { recognisableName } from '../schemas/text.ts';

const name = recognisableName(60).check(z.meta({ description: 'Unique among the teams', examples: ['Night shift'] }));

export const team = z
  .object({ id: teamId, name: z.string().check(z.meta({ examples: ['Night shift'] })), createdAt: timestamp })
  .register(z.globalRegistry, { id: 'Team', description: 'A group of agents with a queue of its own' });

export const listTeams = defineRoute({
  operationId: 'listTeams',
  method: 'GET',
  path: '/api/v1/teams',
  access: 'desk:work',
  summary: 'List the teams',
  params: {},
  responses: { 200: z.object({ items: z.array(team), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const createTeam = defineRoute({
  operationId: 'createTeam',
  method: 'POST',
  path: '/api/v1/teams',
  access: 'desk:manage',
  summary: 'Create a team',
  description: 'Then add agents with `updateAgent`. A tenant has at most 50 teams.',
  params: {},
  body: z.strictObject({ name }).check(z.meta({ examples: [{ name: 'Night shift' }] })),
  responses: { 201: team },
  problems: [teamNameTaken, teamLimitReached],
  idempotent: 'no',
});

export const updateTeam = defineRoute({
  operationId: 'updateTeam',
  method: 'PATCH',
  path: '/api/v1/teams/{teamId}',
  access: 'desk:manage',
  summary: 'Rename a team',
  params: { teamId },
  body: z.strictObject({ name }).check(z.meta({ examples: [{ name: 'Night shift' }] })),
  responses: { 200: team },
  problems: [teamNotFound, teamNameTaken],
  idempotent: 'yes',
});

export const deleteTeam = defineRoute({
  operationId: 'deleteTeam',
  method: 'DELETE',
  path: '/api/v1/teams/{teamId}',
  access: 'desk:manage',
  summary: 'Delete a team',
  description:
    'Only a team without waiting and active conversations. Its agents leave it. Its other conversations belong to no team when they are opened again.',
  params: { teamId },
  responses: { 204: null },
  problems: [teamNotFound, teamInUse],
  idempotent: 'yes',
});
