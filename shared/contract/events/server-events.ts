import * as z from 'zod/mini';
import { defineServerEvent } from '../kit/define-server-event.ts';
import { conversation } from '../schemas/conversation.ts';
import { emoji } from '../schemas/emoji.ts';
import { conversationId, seq, timestamp, userId } from '../schemas/ids.ts';
import { messageReactions } from '../messages/reactions.ts';
import { draftRevision } from '../schemas/draft.ts';
import { covers, message } from '../schemas/message.ts';
import { notification, notificationCount, notificationId } from '../schemas/notification.ts';
import { presence } from '../schemas/presence.ts';
import { countedThrough, receipt, unreadCount } from '../schemas/receipt.ts';
import { priority, supportState, teamId, urgency } from '../schemas/support.ts';
import { listQueues, sinceToken } from '../schemas/since.ts';

export const messageCreated = defineServerEvent({
  type: 'message.created',
  lasting: true,
  event: true,
  summary: 'A participant sent a message',
  data: message,
});

export const messageUpdated = defineServerEvent({
  type: 'message.updated',
  lasting: true,
  event: true,
  summary: 'The sender edited a message. `data` is the message as it is now.',
  data: message,
});

export const messageDeleted = defineServerEvent({
  type: 'message.deleted',
  lasting: true,
  event: true,
  summary: 'The sender deleted a message. `data` is the message without its content.',
  data: message,
});

export const reactionUpdated = defineServerEvent({
  type: 'reaction.updated',
  lasting: true,
  event: true,
  summary: 'A participant added or removed a reaction. `data` has all reactions of the message.',
  data: z.extend(messageReactions, {
    userId,
    emoji,
    added: z
      .boolean()
      .check(z.meta({ description: 'False if the participant removed the reaction', examples: [true] })),
  }),
});

export const conversationUpdated = defineServerEvent({
  type: 'conversation.updated',
  lasting: true,
  event: true,
  summary:
    'The participants, the name or another setting of the conversation changed. `data` is the system message for the timeline.',
  data: message,
});

export const conversationAssigned = defineServerEvent({
  type: 'conversation.assigned',
  lasting: true,
  event: true,
  summary: 'A support conversation was assigned, unassigned or transferred. `data` is the system message.',
  data: message,
});

export const urgentAcknowledged = defineServerEvent({
  type: 'urgent.acknowledged',
  lasting: true,
  event: true,
  summary: 'A person acknowledged an urgent message. `data` is the system message.',
  data: message,
});

export const urgentRaised = defineServerEvent({
  type: 'urgent.raised',
  lasting: false,
  event: true,
  summary: 'A customer needs help urgently. The service sends it to more and more people, until a person acknowledges.',
  data: z.object({ priority, urgency, teamId: z.optional(teamId) }),
});

export const entryHidden = defineServerEvent({
  type: 'entry.hidden',
  lasting: true,
  event: true,
  summary:
    'An entry that this user may not see, such as an edit of a message from before the user joined. It only advances the position, and in a support conversation it may change the state.',
  data: z.object({
    support: z.optional(
      supportState.check(z.describe('State of the support conversation after the entry, if the entry changed it')),
    ),
  }),
});

export const conversationRemoved = defineServerEvent({
  type: 'conversation.removed',
  lasting: false,
  event: true,
  summary: 'The user no longer takes part in the conversation',
  data: z.object({}),
});

export const conversationCreated = defineServerEvent({
  type: 'conversation.created',
  lasting: false,
  event: true,
  summary:
    'The user takes part in a new conversation. To an agent who catches up, also a support conversation that changed.',
  data: conversation,
});

export const receiptUpdated = defineServerEvent({
  type: 'receipt.updated',
  lasting: false,
  event: true,
  summary: 'Participants received or read messages. For each user, keep the highest numbers.',
  data: z.object({
    receipts: z.array(receipt),
    unreadCount: z.optional(
      unreadCount.check(
        z.meta({
          description:
            'Unread messages of the user at that moment, including those marked as unread. Present with the user’s own receipts and during a catch-up.',
          examples: [2],
        }),
      ),
    ),
    lastSeq: z.optional(countedThrough),
  }),
});

export const typingStarted = defineServerEvent({
  type: 'typing.started',
  lasting: false,
  event: true,
  summary:
    'A participant is typing. This ends with `typing.stopped`, with a message of the participant, or after 6 seconds without another `typing.started`.',
  data: z.object({ userId }),
});

export const typingStopped = defineServerEvent({
  type: 'typing.stopped',
  lasting: false,
  event: true,
  summary: 'A participant stopped typing',
  data: z.object({ userId }),
});

export const viewingStarted = defineServerEvent({
  type: 'viewing.started',
  lasting: false,
  event: true,
  summary:
    'An agent has the support conversation open. This ends with `viewing.stopped`, or after 40 seconds without another `viewing.started`. Only agents receive it.',
  data: z.object({ userId }),
});

export const viewingStopped = defineServerEvent({
  type: 'viewing.stopped',
  lasting: false,
  event: true,
  summary: 'An agent left the support conversation. Only agents receive it.',
  data: z.object({ userId }),
});

export const snapshotRequired = defineServerEvent({
  type: 'snapshot.required',
  lasting: false,
  event: true,
  summary:
    'The server cannot send all events after the client’s position. Replace everything that you have of the conversation with this snapshot.',
  data: z.object({
    conversation,
    messages: z
      .array(message)
      .check(
        z.describe(
          'The newest messages, ascending by `seq`. List the messages of the conversation to get earlier ones.',
        ),
      ),
    covers,
  }),
});

export const eventEnvelope = z
  .object({
    v: z.literal(1).check(z.describe('Version of the envelope')),
    type: z.string().check(z.meta({ description: 'Type of the event', examples: ['message.created'] })),
    conversationId,
    seq: z.optional(seq),
    at: timestamp,
    data: z.unknown(),
  })
  .register(z.globalRegistry, {
    id: 'EventEnvelope',
    description: 'An event of a conversation. A lasting event has `seq`.',
  });
export type EventEnvelope = z.infer<typeof eventEnvelope>;

export const syncPage = defineServerEvent({
  type: 'sync.page',
  lasting: false,
  event: false,
  summary: 'Events that the client missed, in order within each conversation',
  data: z.object({
    events: z.array(eventEnvelope),
    complete: z.boolean().check(z.meta({ description: 'True on the last page', examples: [true] })),
    since: z.optional(sinceToken.check(z.describe('On the last page: send it as `since` of the next `hello`'))),
    listQueues,
  }),
});

export const presenceChanged = defineServerEvent({
  type: 'presence.changed',
  lasting: false,
  event: false,
  summary: 'New presence of users who share a direct conversation or a small group with this user',
  data: z.object({ users: z.array(presence) }),
});

export const notificationCreated = defineServerEvent({
  type: 'notification.created',
  lasting: false,
  event: false,
  summary: 'The user has a new notification. It may arrive more than once: the id stays the same.',
  data: z.extend(notificationCount, { notification }),
});

export const notificationRead = defineServerEvent({
  type: 'notification.read',
  lasting: false,
  event: false,
  summary: 'The user read notifications on one of the devices',
  data: z.extend(notificationCount, {
    notificationIds: z.array(notificationId).check(z.describe('At most 99 ids')),
    readAt: timestamp,
  }),
});

export const draftUpdated = defineServerEvent({
  type: 'draft.updated',
  lasting: false,
  event: true,
  summary: 'The user saved or deleted a draft on one of the devices. Of two events, the higher revision is newer.',
  data: z.object({
    revision: draftRevision,
    text: z.optional(z.string().check(z.meta({ description: 'Absent after a deletion', examples: ['Shall we meet'] }))),
    replyTo: z.optional(seq.check(z.describe('Number of the message to reply to'))),
  }),
});

export const reconnect = defineServerEvent({
  type: 'reconnect',
  lasting: false,
  event: false,
  summary: 'API Gateway will soon close this connection. Connect again.',
  data: z.object({
    afterMs: z.int().check(z.meta({ description: 'Milliseconds within which to connect again', examples: [30_000] })),
  }),
});

export const allServerEvents = [
  messageCreated,
  messageUpdated,
  messageDeleted,
  reactionUpdated,
  conversationCreated,
  conversationUpdated,
  conversationAssigned,
  urgentRaised,
  urgentAcknowledged,
  entryHidden,
  conversationRemoved,
  receiptUpdated,
  typingStarted,
  typingStopped,
  viewingStarted,
  viewingStopped,
  snapshotRequired,
  syncPage,
  presenceChanged,
  notificationCreated,
  notificationRead,
  draftUpdated,
  reconnect,
] as const;
