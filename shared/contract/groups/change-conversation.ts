import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversation, conversationName, historyVisibility } from '../schemas/conversation.ts';
import { conversationId } from '../schemas/ids.ts';
import { groupChangeProblems } from './group-change-problems.ts';

export const changeConversation = defineRoute({
  operationId: 'changeConversation',
  method: 'PATCH',
  path: '/api/v1/conversations/{conversationId}',
  access: 'groups:manage',
  summary: 'Update a group',
  description:
    'Renames a group, or sets whether newcomers see earlier messages. Only an admin of the group can update it. Fields that you omit keep their values. A request that changes nothing answers 200 and adds no entry. `history` applies to all participants who joined after the creation of the group: with `since-joining`, they see no messages from before they joined.',
  params: { conversationId },
  body: z.strictObject({ name: z.optional(conversationName), history: z.optional(historyVisibility) }).check(
    z.refine(({ name, history }) => name !== undefined || history !== undefined, {
      path: ['name'],
      error: 'is required, unless history is sent',
    }),
    z.meta({ examples: [{ name: 'Harbour team' }] }),
  ),
  responses: { 200: conversation },
  problems: groupChangeProblems,
  idempotent: 'yes',
});
