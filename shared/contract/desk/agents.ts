import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationBusy, forbidden } from '../problems.ts';
import { availability, availabilityReason } from '../schemas/availability.ts';
import { timestamp, userId } from '../schemas/ids.ts';
import { recognisableName } from '../schemas/text.ts';
import { tags, teamId } from '../schemas/support.ts';
import { agentNotFound, teamNotFound } from './problems.ts';

const maxConcurrent = z
  .int()
  .check(
    z.minimum(0),
    z.maximum(100),
    z.meta({ description: 'Maximum of active conversations, from 0 to 100', examples: [5] }),
  );
const teams = z.array(teamId).check(
  z.maxLength(20),
  z.refine((ids) => new Set(ids).size === ids.length, 'must not contain an id twice'),
  z.describe('Ids of the agent’s teams, at most 20'),
);
const displayName = recognisableName(50).check(
  z.meta({ description: 'The name that customers see', examples: ['Amina'] }),
);

export const agent = z
  .object({
    id: userId,
    displayName: z.string().check(z.meta({ examples: ['Amina'] })),
    availability,
    effectiveAvailability: availability.check(
      z.describe('Differs if the agent lost the connection for longer than the grace time'),
    ),
    reason: z.optional(z.string().check(z.meta({ examples: ['Lunch'] }))),
    availabilityAt: timestamp,
    maxConcurrent: z.int().check(z.meta({ examples: [5] })),
    load: z.int().check(z.meta({ description: 'Exact number of active conversations', examples: [2] })),
    teams: z.array(teamId),
    skills: z.array(z.string()),
    languages: z.array(z.string()),
  })
  .register(z.globalRegistry, { id: 'Agent', description: 'An agent of the desk' });

export const listAgents = defineRoute({
  operationId: 'listAgents',
  method: 'GET',
  path: '/api/v1/agents',
  access: 'desk:work',
  summary: 'List the agents',
  description: 'All agents and admins of the tenant, by id, with their current loads.',
  params: {},
  responses: { 200: z.object({ items: z.array(agent), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const listAvailableAgents = defineRoute({
  operationId: 'listAvailableAgents',
  method: 'GET',
  path: '/api/v1/agents/available',
  access: 'desk:work',
  summary: 'List the agents who can take a conversation',
  description: 'Agents who are online and below their maximum, in the order in which the service would choose them.',
  params: {},
  query: z.strictObject({ teamId: z.optional(teamId) }),
  responses: { 200: z.object({ items: z.array(agent), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const updateAgent = defineRoute({
  operationId: 'updateAgent',
  method: 'PATCH',
  path: '/api/v1/agents/{agentId}',
  access: 'desk:work',
  summary: 'Update an agent',
  description:
    'Agents change their own availability, its reason and their name; use `me` as the id. Admins change everything of every agent. If an agent goes away or offline, conversations whose customers wait return to the queue after the tenant’s grace time.',
  params: {
    agentId: z
      .union([userId, z.literal('me')], { error: 'must be the id of an agent, or `me`' })
      .check(z.meta({ description: 'Id of the agent, or `me`', examples: ['me'] })),
  },
  body: z
    .strictObject({
      availability: z.optional(availability),
      reason: z.optional(z.nullable(availabilityReason)),
      displayName: z.optional(displayName),
      maxConcurrent: z.optional(maxConcurrent),
      teams: z.optional(teams),
      skills: z.optional(tags),
      languages: z.optional(tags),
    })
    .check(
      z.refine((change) => Object.keys(change).length > 0, 'must change something'),
      z.meta({ examples: [{ availability: 'online' }] }),
    ),
  responses: { 200: agent },
  problems: [agentNotFound, teamNotFound, forbidden, conversationBusy],
  idempotent: 'yes',
});
