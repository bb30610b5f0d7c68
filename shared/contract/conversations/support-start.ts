import * as z from 'zod/mini';
import { teamNotFound } from '../desk/problems.ts';
import type { ProblemDefinition } from '../kit/define-problem.ts';
import { sendProblems } from '../messages/send-message.ts';
import type { clockSkew, conversationBusy, conversationNotFound, idempotencyConflict } from '../problems.ts';
import { forbidden, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { newMessage } from '../schemas/message.ts';
import { description, incidentId, priority, subject, supportMetadata, tag, tags, teamId } from '../schemas/support.ts';
import { templateId } from '../schemas/template.ts';
import { templateNotFound } from '../templates/problems.ts';
import { rateLimited } from './problems.ts';

/** The members of a request for a support conversation. */
export const supportStartMembers = {
  subject: z.optional(subject),
  description: z.optional(description),
  priority: z.optional(priority),
  tags: z.optional(tags),
  metadata: z.optional(supportMetadata),
  templateId: z.optional(
    templateId.check(
      z.describe(
        'Support conversations: a template to begin with. It fills a missing `subject` and `description`, and the service sends its form. `metadata` has the values of its placeholders: `{incident.id}` is the member `id` of `incident`.',
      ),
    ),
  ),
  teamId: z.optional(teamId.check(z.describe('Support conversations: the team that should answer'))),
  language: z.optional(
    tag.check(z.meta({ description: 'Support conversations: the language of the customer', examples: ['fr'] })),
  ),
  skills: z.optional(tags.check(z.describe('Support conversations: skills that the agent needs'))),
  incidentId: z.optional(incidentId),
  customerId: z.optional(
    userId.check(z.describe('Support conversations, for agents: the user for whom you open the conversation')),
  ),
  message: z.optional(newMessage.check(z.describe('Support conversations: the first message'))),
};

type Members = { [Name in keyof typeof supportStartMembers]?: z.output<(typeof supportStartMembers)[Name]> };
export type SupportStart = Members & { readonly clientConversationId?: string | undefined };
export type SupportFields = Omit<SupportStart, 'message' | 'customerId'>;

export const supportStartProblems = [
  ...sendProblems,
  teamNotFound,
  templateNotFound,
  userNotFound,
  forbidden,
  rateLimited,
] as const satisfies readonly ProblemDefinition[];
export type SupportStartProblem =
  | (typeof supportStartProblems)[number]
  | typeof conversationBusy
  | typeof conversationNotFound
  | typeof clockSkew
  | typeof idempotencyConflict;
