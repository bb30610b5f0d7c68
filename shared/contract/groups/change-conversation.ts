import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversation, conversationName, historyVisibility } from '../schemas/conversation.ts';
import { conversationId } from '../schemas/ids.ts';
import { groupChangeProblems } from './group-change-problems.ts';

export const changeConversation = defineRoute({
  operationId: 'changeConversation',
  method: 'PATCH',
  path: '/api/v1/conversations/{conversationId}',
  access: 'guest',
  summary: 'Rename a group, or change what newcomers see',
  description:
    'An admin of the group may. What is not named stays; what is so already is answered 200, and nothing is written. `history` holds for everybody who came later than the first: with `since-joining` they see nothing from before their joining.',
  params: { conversationId },
  body: z.strictObject({ name: z.optional(conversationName), history: z.optional(historyVisibility) }).check(
    z.refine(({ name, history }) => name !== undefined || history !== undefined, {
      path: ['name'],
      error: 'name or history is required',
    }),
    z.meta({ examples: [{ name: 'Harbour team' }] }),
  ),
  responses: { 200: conversation },
  problems: groupChangeProblems,
  idempotent: 'yes',
});
