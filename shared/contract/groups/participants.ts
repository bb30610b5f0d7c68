import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { rateLimited } from '../conversations/problems.ts';
import { groupFull, userNotFound } from '../problems.ts';
import { checkPeople, conversation, participantRole, personReference } from '../schemas/conversation.ts';
import { conversationId, userId } from '../schemas/ids.ts';
import { groupChangeProblems } from './group-change-problems.ts';

/** People that one request adds. */
const mostAtOnce = 100;

export const addParticipants = defineRoute({
  operationId: 'addParticipants',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/participants',
  access: 'member',
  summary: 'Add people to a group',
  description:
    'An admin of the group may, 100 people at a time, all of them or none. Who takes part already stays as they are: if all do, the answer is the same 200 and nothing is written.',
  params: { conversationId },
  body: z.strictObject({
    participants: z
      .array(personReference)
      .check(
        z.minLength(1),
        z.maxLength(mostAtOnce),
        checkPeople,
        z.meta({ examples: [[{ userId: '01KAJ70B6DF9H2J4K7M0P3Q6RS' }, { email: 'carol@example.com' }]] }),
      ),
    role: z.optional(participantRole.check(z.meta({ description: 'Of those who come; `member` unless it is said' }))),
  }),
  responses: { 200: conversation },
  problems: [...groupChangeProblems, userNotFound, groupFull, rateLimited],
  idempotent: 'yes',
});

const params = { conversationId, userId };
const path = '/api/v1/conversations/{conversationId}/participants/{userId}';

export const changeParticipant = defineRoute({
  operationId: 'changeParticipant',
  method: 'PATCH',
  path,
  access: 'guest',
  summary: 'Change somebody’s role in a group',
  description:
    'An admin of the group may. A group is never without an admin: when the last one becomes a member, the longest-standing of the others becomes an admin, guests last; who is alone stays one. While the accounts of all admins are suspended, that one may act as an admin, and becomes one by it.',
  params,
  body: z.strictObject({ role: participantRole }),
  responses: { 200: conversation },
  problems: [...groupChangeProblems, userNotFound],
  idempotent: 'yes',
});

export const removeParticipant = defineRoute({
  operationId: 'removeParticipant',
  method: 'DELETE',
  path,
  access: 'guest',
  summary: 'Leave a group, or remove somebody',
  description:
    'Everybody may leave, by the own id or `me`; an admin of the group may remove others. When the last admin goes, the longest-standing of those who stay becomes one, guests last. Removing somebody who takes no part is answered 204 as well. Whoever has left takes part no longer, so that leaving again is answered `conversation-not-found`.',
  params: { conversationId, userId: z.union([userId, z.literal('me')]) },
  responses: { 204: null },
  problems: groupChangeProblems,
  idempotent: 'yes',
});
