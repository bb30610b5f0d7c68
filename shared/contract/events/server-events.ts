import * as z from 'zod/mini';
import { defineServerEvent } from '../kit/define-server-event.ts';
import { conversation } from '../schemas/conversation.ts';
import { emoji } from '../schemas/emoji.ts';
import { conversationId, seq, timestamp, userId } from '../schemas/ids.ts';
import { messageReactions } from '../messages/reactions.ts';
import { covers, message } from '../schemas/message.ts';
import { presence } from '../schemas/presence.ts';
import { countedThrough, receipt, unreadCount } from '../schemas/receipt.ts';
import { sinceToken } from '../schemas/since.ts';

export const messageCreated = defineServerEvent({
  type: 'message.created',
  lasting: true,
  event: true,
  summary: 'A message was written',
  data: message,
});

export const messageUpdated = defineServerEvent({
  type: 'message.updated',
  lasting: true,
  event: true,
  summary: 'A message was edited; here it is as it is now',
  data: message,
});

export const messageDeleted = defineServerEvent({
  type: 'message.deleted',
  lasting: true,
  event: true,
  summary: 'A message was deleted; here is what is left of it',
  data: message,
});

export const reactionUpdated = defineServerEvent({
  type: 'reaction.updated',
  lasting: true,
  event: true,
  summary: 'Somebody reacted, or took a reaction back; here are all reactions of the message',
  data: z.extend(messageReactions, {
    userId,
    emoji,
    added: z.boolean().check(z.meta({ description: 'False if it was taken back', examples: [true] })),
  }),
});

export const conversationUpdated = defineServerEvent({
  type: 'conversation.updated',
  lasting: true,
  event: true,
  summary: 'Who takes part or what the conversation is called changed; the system message in the timeline',
  data: message,
});

export const entryHidden = defineServerEvent({
  type: 'entry.hidden',
  lasting: true,
  event: true,
  summary:
    'An entry that is not for this user, such as an edit of a message from before its time: only its number counts',
  data: z.object({}),
});

export const conversationRemoved = defineServerEvent({
  type: 'conversation.removed',
  lasting: false,
  event: true,
  summary: 'The user takes part in the conversation no longer',
  data: z.object({}),
});

export const conversationCreated = defineServerEvent({
  type: 'conversation.created',
  lasting: false,
  event: true,
  summary: 'The user takes part in a new conversation',
  data: conversation,
});

export const receiptUpdated = defineServerEvent({
  type: 'receipt.updated',
  lasting: false,
  event: true,
  summary: 'Somebody received or read; clients keep the highest numbers that they know',
  data: z.object({
    receipts: z.array(receipt),
    unreadCount: z.optional(
      unreadCount.check(
        z.meta({
          description:
            'The reader’s own unread messages at that moment, also those that were marked as unread. Told with the own receipts and when catching up',
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
  summary: 'Somebody is typing; it ends with `typing.stopped`, a message of theirs, or 6 seconds without another one',
  data: z.object({ userId }),
});

export const typingStopped = defineServerEvent({
  type: 'typing.stopped',
  lasting: false,
  event: true,
  summary: 'Somebody has stopped typing',
  data: z.object({ userId }),
});

export const snapshotRequired = defineServerEvent({
  type: 'snapshot.required',
  lasting: false,
  event: true,
  summary:
    'What was missed cannot be told from the position: forget what is known of the conversation and begin with this',
  data: z.object({
    conversation,
    messages: z.array(message).check(z.describe('The newest, ascending; those before them are in the history')),
    covers,
  }),
});

/** The envelope of every event. `seq` is there when the event lasts. */
export const eventEnvelope = z
  .object({
    v: z.literal(1).check(z.describe('Version of the envelope')),
    type: z.string().check(z.meta({ description: 'What happened', examples: ['message.created'] })),
    conversationId,
    seq: z.optional(seq),
    at: timestamp,
    data: z.unknown(),
  })
  .register(z.globalRegistry, {
    id: 'EventEnvelope',
    description: 'An event of a conversation; a lasting one has `seq`',
  });
export type EventEnvelope = z.infer<typeof eventEnvelope>;

export const syncPage = defineServerEvent({
  type: 'sync.page',
  lasting: false,
  event: false,
  summary: 'Entries that the client missed, in order within each conversation',
  data: z.object({
    events: z.array(eventEnvelope),
    complete: z.boolean().check(z.meta({ description: 'True on the last page', examples: [true] })),
    since: z.optional(sinceToken.check(z.describe('On the last page: for the next `hello`'))),
  }),
});

export const presenceChanged = defineServerEvent({
  type: 'presence.changed',
  lasting: false,
  event: false,
  summary: 'People came, went away or left with whom the user has a direct conversation or shares a small group',
  data: z.object({ users: z.array(presence) }),
});

export const reconnect = defineServerEvent({
  type: 'reconnect',
  lasting: false,
  event: false,
  summary: 'The platform will soon cut this connection: connect anew',
  data: z.object({
    afterMs: z
      .int()
      .check(z.meta({ description: 'Milliseconds within which to have connected anew', examples: [30_000] })),
  }),
});

export const allServerEvents = [
  messageCreated,
  messageUpdated,
  messageDeleted,
  reactionUpdated,
  conversationCreated,
  conversationUpdated,
  entryHidden,
  conversationRemoved,
  receiptUpdated,
  typingStarted,
  typingStopped,
  snapshotRequired,
  syncPage,
  presenceChanged,
  reconnect,
] as const;
