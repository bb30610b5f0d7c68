import * as z from 'zod/mini';
import { defineEvent } from '../kit/define-event.ts';
import { attachmentId } from '../schemas/attachment.ts';
import { conversationId, id, seq, userId } from '../schemas/ids.ts';
import { deliveryId, sourceId } from '../schemas/incident-ids.ts';
import { alertedGroups, priority, teamId } from '../schemas/support.ts';

export const messageCreatedEvent = defineEvent({
  type: 'message.created',
  version: 1,
  summary: 'A participant sent a message',
  data: z.object({
    conversationId,
    seq,
    senderId: userId,
    mentionedIds: z.optional(
      z
        .array(userId)
        .check(
          z.describe(
            'Ids of the users whom the message mentions, at most 50. Absent without mentions, and in support conversations.',
          ),
        ),
    ),
    conversationKind: z.optional(z.literal('support').check(z.describe('Present in support conversations'))),
  }),
});
const change = { conversationId, seq, messageSeq: seq, senderId: userId };
export const messageUpdatedEvent = defineEvent({
  type: 'message.updated',
  version: 1,
  summary: 'The sender edited a message',
  data: z.object(change),
});
export const messageDeletedEvent = defineEvent({
  type: 'message.deleted',
  version: 1,
  summary: 'The sender deleted a message',
  data: z.object(change),
});
export const reactionUpdatedEvent = defineEvent({
  type: 'reaction.updated',
  version: 1,
  summary: 'A participant added or removed a reaction',
  data: z.object(change),
});
export const conversationUpdatedEvent = defineEvent({
  type: 'conversation.updated',
  version: 1,
  summary: 'The participants, the name or another setting of a conversation changed',
  data: z.object({ conversationId, seq, senderId: userId }),
});
export const conversationReadEvent = defineEvent({
  type: 'conversation.read',
  version: 1,
  summary: 'A user with devices that receive pushes read messages. Other users’ progress has no event.',
  data: z.object({ conversationId, userId, readSeq: seq.check(z.describe('The last entry that the user has read')) }),
});
const entry = { conversationId, seq, senderId: userId };
export const noteCreatedEvent = defineEvent({
  type: 'note.created',
  version: 1,
  summary: 'An agent wrote a note',
  data: z.object(entry),
});
export const conversationStatusChangedEvent = defineEvent({
  type: 'conversation.status-changed',
  version: 1,
  summary: 'A support conversation was opened, resolved, closed, reopened or wiped',
  data: z.object(entry),
});
export const conversationAssignedEvent = defineEvent({
  type: 'conversation.assigned',
  version: 1,
  summary: 'A support conversation was assigned, unassigned or transferred',
  data: z.object(entry),
});
export const conversationWipedEvent = defineEvent({
  type: 'conversation.wiped',
  version: 1,
  summary: 'The content of a support conversation was deleted',
  data: z.object({ conversationId }),
});
export const urgentRaisedEvent = defineEvent({
  type: 'urgent.raised',
  version: 1,
  summary: 'A conversation became urgent, or its escalation took a step',
  data: z.object({
    ...entry,
    urgentSeq: seq.check(z.describe('Number of the entry that made the conversation urgent')),
    step: z.int().check(z.meta({ description: 'Steps of the escalation so far', examples: [1] })),
    groups: z.array(z.enum(alertedGroups)).check(z.describe('The people to alert')),
    priority,
    teamId: z.optional(teamId),
    assigneeId: z.optional(userId.check(z.describe('The agent who answers'))),
  }),
});
export const urgentAcknowledgedEvent = defineEvent({
  type: 'urgent.acknowledged',
  version: 1,
  summary: 'A person acknowledged an urgent message',
  data: z.object(entry),
});
export const answerUnreadEvent = defineEvent({
  type: 'answer.unread',
  version: 1,
  summary: 'A customer who is gone has not read an answer for five minutes',
  data: z.object({ conversationId, seq: seq.check(z.describe('Number of the latest answer')) }),
});
export const slaChangedEvent = defineEvent({
  type: 'sla.changed',
  version: 1,
  summary: 'A service-level clock warned or was breached',
  data: z.object(entry),
});
export const conversationCreatedEvent = defineEvent({
  type: 'conversation.created',
  version: 1,
  summary: 'A user created a conversation',
  data: z.object({
    conversationId,
    kind: z.enum(['direct', 'group', 'support']),
    participantIds: z
      .array(userId)
      .check(z.describe('At most 100 of the participants. Get the conversation for all of them.')),
  }),
});
export const userRegisteredEvent = defineEvent({
  type: 'user.registered',
  version: 1,
  summary: 'An account was created',
  data: z.object({ userId, status: z.enum(['pending', 'active']) }),
});
export const userUpdatedEvent = defineEvent({
  type: 'user.updated',
  version: 1,
  summary: 'A profile or the status of an account changed',
  data: z.object({ userId, status: z.enum(['pending', 'active', 'suspended', 'rejected']) }),
});
export const passwordResetRequestedEvent = defineEvent({
  type: 'user.password-reset-requested',
  version: 1,
  summary: 'A password reset was requested. Without `userId`, the requested account does not exist.',
  data: z.object({ userId: z.optional(userId) }),
});
export const emailVerificationRequestedEvent = defineEvent({
  type: 'user.email-verification-requested',
  version: 1,
  summary: 'A verification mail was requested. Without `userId`, no account or registration needs one.',
  data: z.object({ userId: z.optional(userId) }),
});
export const userNotificationsUnreadEvent = defineEvent({
  type: 'user.notifications-unread',
  version: 1,
  summary: 'A user who is offline has not read mentions or assignments for ten minutes',
  data: z.object({ userId }),
});
export const passwordChangedEvent = defineEvent({
  type: 'user.password-changed',
  version: 1,
  summary: 'The password of an account was changed or reset',
  data: z.object({ userId }),
});
export const guestEndedEvent = defineEvent({
  type: 'guest.ended',
  version: 1,
  summary: 'A guest became a user. The service destroys the key of the guest’s profile.',
  data: z.object({
    guestId: userId,
    keyId: id.check(z.meta({ description: 'Id of the key', examples: ['01KAJ70A5CE8G1H3J6K9M2P4QR'] })),
  }),
});
export const sessionsEndedEvent = defineEvent({
  type: 'user.sessions-ended',
  version: 1,
  summary: 'Sessions of a user ended. The service closes their connections.',
  data: z.object({
    userId,
    sessionIds: z.union([z.literal('all'), z.array(z.string())]),
  }),
});

export const attachmentDiscardedEvent = defineEvent({
  type: 'attachment.discarded',
  version: 1,
  summary: 'Attachments are to be deleted: they were not sent in time, or their message was deleted',
  data: z.object({
    attachmentIds: z.array(attachmentId),
    conversationId: z.optional(
      conversationId.check(
        z.meta({
          description: 'If present, stored files of examinations that did not complete are to be deleted, too',
        }),
      ),
    ),
  }),
});

export const incidentReceivedEvent = defineEvent({
  type: 'incident.received',
  version: 1,
  summary: 'A source of incidents received a delivery, or an admin replays it',
  data: z.object({ sourceId, deliveryId }),
});

export const busEvents = [
  messageCreatedEvent,
  messageUpdatedEvent,
  messageDeletedEvent,
  reactionUpdatedEvent,
  conversationUpdatedEvent,
  conversationReadEvent,
  conversationCreatedEvent,
  noteCreatedEvent,
  conversationStatusChangedEvent,
  conversationAssignedEvent,
  conversationWipedEvent,
  urgentRaisedEvent,
  urgentAcknowledgedEvent,
  answerUnreadEvent,
  slaChangedEvent,
  userRegisteredEvent,
  userUpdatedEvent,
  passwordResetRequestedEvent,
  emailVerificationRequestedEvent,
  passwordChangedEvent,
  userNotificationsUnreadEvent,
  sessionsEndedEvent,
  guestEndedEvent,
  attachmentDiscardedEvent,
  incidentReceivedEvent,
] as const;
