import * as z from 'zod/mini';
import { propertyNotAllowed, rateLimited } from '../conversations/problems.ts';
import { conversationClosed, teamNotFound } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { forbidden, illegalTransition } from '../problems.ts';
import { conversation, conversationName, historyVisibility } from '../schemas/conversation.ts';
import { conversationId } from '../schemas/ids.ts';
import { description, priority, subject, supportMetadata, tag, tags, teamId } from '../schemas/support.ts';
import { groupChangeProblems } from './group-change-problems.ts';

const ofGroups = { name: z.optional(conversationName), history: z.optional(historyVisibility) };

const support = 'Support conversations: ';
const forAgents = 'Support conversations, for agents: ';

/** The members that a request for a support conversation may have. */
export const supportChangeMembers = {
  subject: z.optional(z.nullable(subject.check(z.describe(`${support}one line of at most 200 characters`)))),
  description: z.optional(z.nullable(description.check(z.describe(`${support}at most 2000 characters`)))),
  priority: z.optional(
    priority.check(
      z.describe(`${forAgents}\`urgent\` starts the escalation of an open conversation; a lower one acknowledges it`),
    ),
  ),
  tags: z.optional(tags.check(z.describe(`${forAgents}replaces all tags`))),
  metadata: z.optional(
    z.nullable(
      supportMetadata.check(z.describe(`${forAgents}replaces the data of the application, at most 4096 bytes of JSON`)),
    ),
  ),
  language: z.optional(z.nullable(tag.check(z.describe(`${forAgents}the language of the customer`)))),
  skills: z.optional(tags.check(z.describe(`${forAgents}replaces the skills that the agent needs`))),
  teamId: z.optional(
    z.nullable(teamId.check(z.describe(`${forAgents}the team that should answer. The agent, if any, stays.`))),
  ),
  archived: z.optional(
    z
      .boolean()
      .check(z.describe(`${forAgents}whether lists leave the conversation out. It must be resolved or closed.`)),
  ),
};

/** Members that a customer may change. */
export const customerChangeMembers = ['subject', 'description'] as const;

export const changeConversation = defineRoute({
  operationId: 'changeConversation',
  method: 'PATCH',
  path: '/api/v1/conversations/{conversationId}',
  access: 'conversations:change',
  summary: 'Update a conversation',
  description:
    'Updates a group or a support conversation. Fields that you omit keep their values, and `null` removes a value. A request that changes nothing answers 200 and adds no entry. Only an admin of a group can rename it, or set whether newcomers see earlier messages. `history` applies to all participants who joined after the creation of the group: with `since-joining`, they see no messages from before they joined. Agents can update all members of a support conversation, and its customer `subject` and `description`.',
  params: { conversationId },
  body: z.strictObject({ ...ofGroups, ...supportChangeMembers }).check(
    z.refine((body) => Object.values(body).some((value) => value !== undefined), {
      path: ['name'],
      error: 'is required, unless another member is sent',
    }),
    z.meta({ examples: [{ name: 'Harbour team' }, { priority: 'high', tags: ['billing'] }] }),
  ),
  responses: { 200: conversation },
  problems: [
    ...groupChangeProblems,
    propertyNotAllowed,
    forbidden,
    teamNotFound,
    illegalTransition,
    conversationClosed,
    rateLimited,
  ],
  idempotent: 'yes',
});
