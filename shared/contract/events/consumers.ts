import { defineConsumer } from '../kit/define-consumer.ts';
import {
  attachmentDiscardedEvent,
  conversationAssignedEvent,
  conversationStatusChangedEvent,
  conversationWipedEvent,
  emailVerificationRequestedEvent,
  guestEndedEvent,
  incidentReceivedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messageUpdatedEvent,
  noteCreatedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
  sessionsEndedEvent,
  slaChangedEvent,
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

export const processIncidentConsumer = defineConsumer({
  name: 'process-incident',
  constructId: 'Incidents',
  description: 'Opens, updates and ends conversations of incidents',
  events: [incidentReceivedEvent],
  memoryMiB: 512,
  // One delivery may have 500 alerts.
  timeoutSeconds: 60,
  // The deliveries of a storm change the same counts.
  maxConcurrency: 2,
});

/** Each is `functions/<name>.ts`. */
export const consumers = [
  sendMailConsumer,
  closeSocketsConsumer,
  sweepAttachmentsConsumer,
  indexMessagesConsumer,
  notifyConsumer,
  eraseConversationConsumer,
  processIncidentConsumer,
] as const;
