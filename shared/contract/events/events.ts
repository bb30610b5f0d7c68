import * as z from 'zod/mini';
import { defineEvent } from '../kit/define-event.ts';
import { attachmentId } from '../schemas/attachment.ts';
import { conversationId, seq, userId } from '../schemas/ids.ts';

export const messageCreatedEvent = defineEvent({
  type: 'message.created',
  version: 1,
  summary: 'A message was written',
  data: z.object({ conversationId, seq, senderId: userId }),
});
const change = { conversationId, seq, messageSeq: seq, senderId: userId };
export const messageUpdatedEvent = defineEvent({
  type: 'message.updated',
  version: 1,
  summary: 'A message was edited',
  data: z.object(change),
});
export const messageDeletedEvent = defineEvent({
  type: 'message.deleted',
  version: 1,
  summary: 'A message was deleted',
  data: z.object(change),
});
export const reactionUpdatedEvent = defineEvent({
  type: 'reaction.updated',
  version: 1,
  summary: 'Somebody reacted to a message, or took the reaction back',
  data: z.object(change),
});
export const conversationUpdatedEvent = defineEvent({
  type: 'conversation.updated',
  version: 1,
  summary: 'Who takes part in a conversation, its name or another setting changed',
  data: z.object({ conversationId, seq, senderId: userId }),
});
export const conversationCreatedEvent = defineEvent({
  type: 'conversation.created',
  version: 1,
  summary: 'A conversation was started',
  data: z.object({
    conversationId,
    kind: z.enum(['direct', 'group']),
    participantIds: z
      .array(userId)
      .check(z.describe('Who takes part, at most 100 of them; ask for the conversation to know all')),
  }),
});
export const userRegisteredEvent = defineEvent({
  type: 'user.registered',
  version: 1,
  summary: 'An account was made',
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
  summary: 'Somebody asked for a link to set a new password; without `userId` there is no such account',
  data: z.object({ userId: z.optional(userId) }),
});
export const emailVerificationRequestedEvent = defineEvent({
  type: 'user.email-verification-requested',
  version: 1,
  summary: 'A link to verify an address was requested; without `userId`, no account or registration needs one',
  data: z.object({ userId: z.optional(userId) }),
});
export const passwordChangedEvent = defineEvent({
  type: 'user.password-changed',
  version: 1,
  summary: 'The password of an account was changed or reset',
  data: z.object({ userId }),
});
export const sessionsEndedEvent = defineEvent({
  type: 'user.sessions-ended',
  version: 1,
  summary: 'Sessions of a user ended; their sockets have to be closed',
  data: z.object({
    userId,
    sessionIds: z.union([z.literal('all'), z.array(z.string())]),
  }),
});

export const attachmentDiscardedEvent = defineEvent({
  type: 'attachment.discarded',
  version: 1,
  summary: 'Bytes of attachments are not needed any more: they were not sent in time, or their message was deleted',
  data: z.object({
    attachmentIds: z.array(attachmentId),
    conversationId: z.optional(
      conversationId.check(
        z.meta({ description: 'With it, also bytes are meant that belong to no examination that counted' }),
      ),
    ),
  }),
});

export const busEvents = [
  messageCreatedEvent,
  messageUpdatedEvent,
  messageDeletedEvent,
  reactionUpdatedEvent,
  conversationUpdatedEvent,
  conversationCreatedEvent,
  userRegisteredEvent,
  userUpdatedEvent,
  passwordResetRequestedEvent,
  emailVerificationRequestedEvent,
  passwordChangedEvent,
  sessionsEndedEvent,
  attachmentDiscardedEvent,
] as const;
