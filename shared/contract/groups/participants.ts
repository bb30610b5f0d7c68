import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { rateLimited } from '../conversations/problems.ts';
import { groupFull, userNotFound } from '../problems.ts';
import { checkPeople, conversation, participantRole, personReference } from '../schemas/conversation.ts';
import { conversationId, userId } from '../schemas/ids.ts';
import { groupChangeProblems } from './group-change-problems.ts';

const mostAtOnce = 100;

export const addParticipants = defineRoute({
  operationId: 'addParticipants',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/participants',
  access: 'groups:manage',
  summary: 'Add participants',
  description:
    'Only an admin of the group can add participants, at most 100 per request. The service adds all of them or none. Users who already take part keep their roles. If all of them already take part, the request answers 200 and adds no entry.',
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
    role: z.optional(
      participantRole.check(z.meta({ description: 'Role of the new participants. Defaults to `member`.' })),
    ),
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
  access: 'groups:manage',
  summary: 'Change a participant’s role',
  description:
    'Only an admin of the group can change roles. A group always has an admin. When the last admin becomes a member, the participant who joined first among the others becomes an admin, guests last. The only participant of a group stays its admin. While the accounts of all admins are suspended, the next admin in this order can act as an admin, and thereby becomes one.',
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
  access: 'groups:manage',
  summary: 'Remove a participant',
  description:
    'Every participant can leave the group: send your own id or `me`. An admin of the group can remove others. When the last admin leaves, the participant who joined first among the others becomes an admin, guests last. Removing a user who does not take part also answers 204. After you have left, leaving again answers `conversation-not-found`.',
  params: {
    conversationId,
    userId: z.union([userId, z.literal('me')]).check(z.describe('Id of the participant, or `me`')),
  },
  responses: { 204: null },
  problems: groupChangeProblems,
  idempotent: 'yes',
});
