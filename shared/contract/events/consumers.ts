import { defineConsumer } from '../kit/define-consumer.ts';
import {
  attachmentDiscardedEvent,
  conversationAssignedEvent,
  conversationStatusChangedEvent,
  conversationUpdatedEvent,
  conversationWipedEvent,
  emailVerificationRequestedEvent,
  guestEndedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messageUpdatedEvent,
  noteCreatedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
  sessionsEndedEvent,
  slaChangedEvent,
  ticketChangeReceivedEvent,
  ticketDueEvent,
  urgentRaisedEvent,
} from './events.ts';

export const sendMailConsumer = defineConsumer({
  name: 'send-mail',
  constructId: 'Mails',
  description: 'Sends mails',
  events: [passwordResetRequestedEvent, emailVerificationRequestedEvent, passwordChangedEvent],
});

export const closeSocketsConsumer = defineConsumer({
  name: 'close-sockets',
  constructId: 'EndedSessions',
  description: 'Closes the sockets of ended sessions',
  events: [sessionsEndedEvent],
});

export const sweepAttachmentsConsumer = defineConsumer({
  name: 'sweep-attachments',
  constructId: 'DiscardedAttachments',
  description: 'Deletes files that were never sent, and those of deleted messages',
  events: [attachmentDiscardedEvent],
});

export const indexMessagesConsumer = defineConsumer({
  name: 'index-messages',
  constructId: 'SearchIndex',
  description: 'Updates the search index, which contains keyed hashes of the words of messages',
  events: [messageCreatedEvent, messageUpdatedEvent, messageDeletedEvent],
  memoryMiB: 512,
});

export const notifyConsumer = defineConsumer({
  name: 'notify',
  constructId: 'Notifications',
  description: 'Creates notifications',
  events: [
    messageCreatedEvent,
    noteCreatedEvent,
    conversationStatusChangedEvent,
    conversationAssignedEvent,
    urgentRaisedEvent,
    slaChangedEvent,
  ],
  // Most messages among users mention none of them, and cost nothing here.
  filters: { 'message.created': [{ mentionedIds: [{ exists: true }] }, { conversationKind: ['support'] }] },
});

export const eraseConversationConsumer = defineConsumer({
  name: 'erase-conversation',
  constructId: 'WipedConversations',
  description: 'Deletes files, search entries, drafts and notifications of wiped conversations, and keys of guests',
  events: [conversationWipedEvent, guestEndedEvent],
  // Reads the notifications of every agent.
  timeoutSeconds: 120,
});

export const updateTicketsConsumer = defineConsumer({
  name: 'update-tickets',
  constructId: 'Tickets',
  description: 'Creates and updates tickets in other systems, and takes over their changes',
  sink: 'tickets',
  events: [
    messageCreatedEvent,
    messageUpdatedEvent,
    messageDeletedEvent,
    noteCreatedEvent,
    conversationStatusChangedEvent,
    conversationAssignedEvent,
    conversationUpdatedEvent,
    conversationWipedEvent,
    urgentRaisedEvent,
    ticketDueEvent,
    ticketChangeReceivedEvent,
  ],
  filters: { 'message.created': [{ conversationKind: ['support'] }] },
  memoryMiB: 512,
  // One turn of a ticket calls the other system several times.
  timeoutSeconds: 120,
  // Turns of a batch run at the same time, and each waits for another system.
  batchSize: 5,
});

/** Each is `functions/<name>.ts`. */
export const consumers = [
  sendMailConsumer,
  closeSocketsConsumer,
  sweepAttachmentsConsumer,
  indexMessagesConsumer,
  notifyConsumer,
  eraseConversationConsumer,
  updateTicketsConsumer,
] as const;
