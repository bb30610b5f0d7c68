import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { clockSkew, conversationNotFound, forbidden, idempotencyConflict, messageTooLong } from '../problems.ts';
import { conversation } from '../schemas/conversation.ts';
import { clientMessageId, conversationId, seq, timestamp, userId } from '../schemas/ids.ts';
import { messageText } from '../schemas/message.ts';
import { teamId } from '../schemas/support.ts';
import { deskProblems } from './desk-problems.ts';
import {
  agentNotFound,
  agentUnavailable,
  alreadyAssigned,
  noAgentAvailable,
  notASupportConversation,
  teamNotFound,
} from './problems.ts';

const agentReference = z
  .union([userId, z.enum(['me', 'auto'])], { error: 'must be the id of an agent, `me` or `auto`' })
  .check(
    z.meta({ description: 'Id of an agent, `me`, or `auto` for the agent whom the service chooses', examples: ['me'] }),
  );

export const assignConversation = defineRoute({
  operationId: 'assignConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/assign',
  access: 'desk:work',
  summary: 'Assign a conversation to an agent',
  description:
    'Of two agents who take a conversation at once, one succeeds, and the other receives `already-assigned`. A repeated request of the agent who has it answers 200. No agent gets more conversations than its maximum, unless an admin sends `force`.',
  params: { conversationId },
  body: z
    .strictObject({
      agentId: agentReference,
      takeOver: z.optional(z.boolean().check(z.describe('Take the conversation from a colleague'))),
      force: z.optional(
        z.boolean().check(z.describe('Admins only: ignore the agent’s maximum and availability. The log records it.')),
      ),
    })
    .check(z.meta({ examples: [{ agentId: 'me' }] })),
  responses: { 200: conversation },
  problems: [...deskProblems, agentNotFound, agentUnavailable, alreadyAssigned, noAgentAvailable, forbidden],
  idempotent: 'yes',
});

export const unassignConversation = defineRoute({
  operationId: 'unassignConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/unassign',
  access: 'desk:work',
  summary: 'Return a conversation to the queue',
  params: { conversationId },
  responses: { 200: conversation },
  problems: deskProblems,
  idempotent: 'yes',
});

export const transferConversation = defineRoute({
  operationId: 'transferConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/transfer',
  access: 'desk:work',
  summary: 'Transfer a conversation to another agent or team',
  description:
    'A conversation that is transferred to a team waits in the queue of that team, and keeps its waiting time. `note` becomes a private note for the next agent. A request for the agent or queue that already has the conversation answers 200.',
  params: { conversationId },
  body: z
    .strictObject({
      agentId: z.optional(userId.check(z.describe('The agent. Required unless `teamId` is sent.'))),
      teamId: z.optional(teamId.check(z.describe('The team. Required unless `agentId` is sent.'))),
      note: z.optional(messageText),
      clientMessageId: z.optional(
        clientMessageId.check(
          z.describe('Identifies the transfer, so that a repeated request does nothing once the queue has moved on'),
        ),
      ),
    })
    .check(
      z.refine((body) => (body.agentId === undefined) !== (body.teamId === undefined), {
        path: ['agentId'],
        error: 'send either agentId or teamId',
      }),
      z.meta({ examples: [{ agentId: '01KAJ70A5CE8G1H3J6K9M2P4QR' }] }),
    ),
  responses: { 200: conversation },
  problems: [
    ...deskProblems,
    agentNotFound,
    agentUnavailable,
    teamNotFound,
    messageTooLong,
    clockSkew,
    idempotencyConflict,
  ],
  idempotent: 'key',
});

export const assignment = z
  .object({
    seq,
    at: timestamp,
    byId: userId.check(z.describe('The user who decided, or the id of the service: 26 zeros')),
    assigneeId: z.optional(userId.check(z.describe('Absent if the conversation returned to the queue'))),
    teamId: z.optional(teamId),
    rule: z.string().check(z.meta({ description: 'The rule that decided', examples: ['fewest-open'] })),
    forced: z.optional(z.boolean()),
    reason: z.optional(z.string()),
    considered: z.array(
      z.object({
        userId,
        load: z.int().check(z.meta({ description: 'Open conversations at that moment', examples: [2] })),
        maxConcurrent: z.int().check(z.meta({ examples: [5] })),
        outcome: z.string().check(z.meta({ description: 'Why the agent was chosen or not', examples: ['chosen'] })),
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'Assignment', description: 'A decision about the agent of a conversation' });

export const listAssignments = defineRoute({
  operationId: 'listAssignments',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/assignments',
  access: 'desk:work',
  summary: 'List the decisions about the agent',
  description: 'The latest 100 decisions, newest first, each with the agents whom the service considered.',
  params: { conversationId },
  responses: { 200: z.object({ items: z.array(assignment), nextCursor: z.null() }) },
  problems: [conversationNotFound, notASupportConversation],
  idempotent: 'safe',
});
