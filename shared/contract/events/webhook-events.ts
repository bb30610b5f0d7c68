import {
  answerUnreadEvent,
  attachmentDiscardedEvent,
  busEvents,
  emailVerificationRequestedEvent,
  guestEndedEvent,
  incidentReceivedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
  sessionsEndedEvent,
  userNotificationsUnreadEvent,
} from './events.ts';

/** Jobs of the service itself, and sign-ins. */
const internalEvents = [
  answerUnreadEvent,
  attachmentDiscardedEvent,
  emailVerificationRequestedEvent,
  guestEndedEvent,
  incidentReceivedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
  sessionsEndedEvent,
  userNotificationsUnreadEvent,
] as const;

type InternalEvent = (typeof internalEvents)[number];
export type WebhookEvent = Exclude<(typeof busEvents)[number], InternalEvent>;

/** The events that webhooks can subscribe to: a new event of the bus is one of them by itself. */
export const webhookEvents = busEvents.filter(
  (event): event is WebhookEvent => !internalEvents.some((internal) => internal.type === event.type),
);

export type WebhookEventType = WebhookEvent['type'];
export const webhookEventTypes = webhookEvents.map(({ type }) => type) as [WebhookEventType, ...WebhookEventType[]];
