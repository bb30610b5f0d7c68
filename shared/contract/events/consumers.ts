import { defineConsumer } from '../kit/define-consumer.ts';
import { webhookEvents } from './webhook-events.ts';
import {
  answerUnreadEvent,
  attachmentDiscardedEvent,
  conversationAssignedEvent,
  conversationReadEvent,
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
  userNotificationsUnreadEvent,
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

export const deliverWebhooksConsumer = defineConsumer({
  name: 'deliver-webhooks',
  constructId: 'Webhooks',
  description: 'Stores deliveries for the webhooks that subscribe to an event',
  events: webhookEvents,
  sink: 'webhooks',
  // A lane waits for an earlier event whose handling failed, but not much longer.
  timeoutSeconds: 10,
});

export const sendNotificationMailsConsumer = defineConsumer({
  name: 'send-notification-mails',
  constructId: 'NotificationMails',
  description: 'Sends mails to people on call, about answers and about unread notifications',
  sink: 'mail',
  events: [urgentRaisedEvent, messageCreatedEvent, answerUnreadEvent, userNotificationsUnreadEvent],
  filters: {
    'urgent.raised': [{ groups: ['on-call'] }],
    'message.created': [{ conversationKind: ['support'] }],
  },
  // SES sends a few mails a second. https://docs.aws.amazon.com/ses/latest/dg/quotas.html
  maxConcurrency: 2,
});

export const sendPushesConsumer = defineConsumer({
  name: 'send-pushes',
  constructId: 'Pushes',
  description: 'Sends pushes to phones and tablets, and deletes the devices of ended sessions',
  sink: 'push',
  events: [
    messageCreatedEvent,
    noteCreatedEvent,
    conversationAssignedEvent,
    urgentRaisedEvent,
    slaChangedEvent,
    conversationReadEvent,
    sessionsEndedEvent,
  ],
  memoryMiB: 512,
  // A group may have 500 participants with several devices each.
  timeoutSeconds: 60,
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
  deliverWebhooksConsumer,
  sendNotificationMailsConsumer,
  sendPushesConsumer,
  processIncidentConsumer,
] as const;
