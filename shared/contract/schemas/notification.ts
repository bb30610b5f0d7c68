import * as z from 'zod/mini';
import { conversationId, id, seq, timestamp, userId } from './ids.ts';
import { sentInstant } from './instant.ts';
import { slaMetrics, teamId } from './support.ts';
import { text } from './text.ts';

export const notificationKinds = [
  'assigned',
  'unassigned',
  'transferred',
  'new-message',
  'mention',
  'urgent',
  'sla-warning',
  'sla-breach',
  'resolved',
  'closed',
  'queue',
] as const;

export const notificationKind = z.enum(notificationKinds).register(z.globalRegistry, {
  id: 'NotificationKind',
  description:
    'The cause of a notification. `assigned`, `unassigned`, `transferred`, `resolved` and `closed`: the conversation changed. `new-message`: a message needs an answer. `mention`: a message or note mentions the user. `urgent`: the conversation became urgent. `sla-warning` and `sla-breach`: a service-level clock is at 80 % or has run out. `queue`: the conversation waits for an agent.',
  examples: ['mention'],
});
export type NotificationKind = z.infer<typeof notificationKind>;

export const notificationId = id.check(
  z.meta({ description: 'Id of the notification, a ULID', examples: ['01KAJ7F5T7M0R3V6X9A2C5E8GH'] }),
);

const notificationData = z.object({
  fromId: z.optional(userId.check(z.describe('The agent before the change'))),
  toId: z.optional(userId.check(z.describe('The agent after the change'))),
  teamId: z.optional(teamId),
  metric: z.optional(z.enum(slaMetrics).check(z.describe('The service-level clock'))),
  dueAt: z.optional(timestamp.check(z.describe('The end of the clock’s time'))),
  step: z.optional(z.int().check(z.meta({ description: 'Step of the escalation', examples: [1] }))),
});

export const notification = z
  .object({
    id: notificationId,
    kind: notificationKind,
    conversationId,
    seq: z.optional(seq.check(z.describe('Number of the entry that caused the notification'))),
    actorId: z.optional(userId.check(z.describe('The user who caused the notification'))),
    data: z.optional(notificationData.check(z.describe('Details of the kind'))),
    silent: z.optional(
      z
        .boolean()
        .check(
          z.meta({ description: 'True if it arrived in the user’s quiet hours: play no sound', examples: [true] }),
        ),
    ),
    createdAt: timestamp.check(z.describe('Time of the cause')),
    readAt: z.optional(timestamp.check(z.describe('Absent while unread'))),
  })
  .register(z.globalRegistry, {
    id: 'Notification',
    description:
      'An event that concerns the user. It contains ids only: compose its words from the kind, the conversation and the users. It expires after 90 days.',
  });
export type Notification = z.infer<typeof notification>;

export const notificationCount = z
  .object({
    unreadCount: z.int().check(z.meta({ description: 'Exact number of unread notifications', examples: [3] })),
    revision: z.int().check(
      z.meta({
        description:
          'Number of changes to the user’s notifications so far. Of two counts, the higher revision is newer.',
        examples: [42],
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'NotificationCount', description: 'Unread notifications of the caller' });
export type NotificationCount = z.infer<typeof notificationCount>;

const mailPreference = z.enum(['off', 'digest']).check(
  z.meta({
    description:
      '`digest`: while offline, the user gets at most one mail an hour about unread mentions and assignments, if the tenant allows it',
    examples: ['digest'],
  }),
);

const setting = z.enum(['on', 'off']).check(z.meta({ examples: ['on'] }));
const alwaysOn = z
  .literal('on', { error: 'must be "on": urgent notifications cannot be switched off' })
  .check(z.meta({ description: 'Urgent notifications cannot be switched off', examples: ['on'] }));

/** In the order of `Date.getUTCDay`. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

const timeOfDay = text(
  z.regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time from 00:00 to 23:59'),
  z.meta({ examples: ['22:00'] }),
);

/** Offsets such as `+01:00` are not time zones. */
const timeZone = text(
  z.maxLength(64),
  z.regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:[/][A-Za-z0-9_+-]+)*$/, 'must be the name of a time zone such as Europe/Berlin'),
  z.refine((name) => isTimeZone(name), 'must be the name of a time zone such as Europe/Berlin'),
  z.meta({ description: 'Name of a time zone of the IANA database', examples: ['Europe/Berlin'] }),
);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const quietHours = z
  .strictObject({
    timeZone,
    from: timeOfDay.check(z.describe('Beginning, in local time')),
    to: timeOfDay.check(
      z.meta({
        description: 'End, in local time. If it is not after `from`, the quiet hours end on the next day.',
        examples: ['07:00'],
      }),
    ),
    days: z.array(z.enum(weekdays)).check(
      z.minLength(1),
      z.refine((days) => new Set(days).size === days.length, 'must not contain a day twice'),
      z.meta({ description: 'Days on which the quiet hours begin', examples: [['saturday', 'sunday']] }),
    ),
  })
  .register(z.globalRegistry, {
    id: 'QuietHours',
    description:
      'Notifications in these hours are silent, and no pushes are sent. Urgent notifications are never silent, and urgent pushes are always sent.',
  });
export type QuietHours = z.infer<typeof quietHours>;

const optionalSettings = {
  assigned: z.optional(setting),
  unassigned: z.optional(setting),
  transferred: z.optional(setting),
  'new-message': z.optional(setting),
  mention: z.optional(setting),
  urgent: z.optional(alwaysOn),
  'sla-warning': z.optional(setting),
  'sla-breach': z.optional(setting),
  resolved: z.optional(setting),
  closed: z.optional(setting),
  queue: z.optional(setting),
} as const satisfies Readonly<Record<NotificationKind, z.ZodMiniType>>;

export const pushKinds = ['message', 'mention', 'assigned', 'urgent', 'sla-warning', 'sla-breach'] as const;
export type PushKind = (typeof pushKinds)[number];

const optionalPushSettings = {
  message: z.optional(setting),
  mention: z.optional(setting),
  assigned: z.optional(setting),
  urgent: z.optional(alwaysOn),
  'sla-warning': z.optional(setting),
  'sla-breach': z.optional(setting),
} as const satisfies Readonly<Record<PushKind, z.ZodMiniType>>;

export const newNotificationPreferences = z
  .strictObject({
    kinds: z.strictObject(optionalSettings).check(z.describe('A kind that is missing is on')),
    push: z.optional(
      z
        .strictObject(optionalPushSettings)
        .check(z.describe('The pushes to your devices. A kind that is missing is on')),
    ),
    quietHours: z.optional(quietHours),
    mail: z.optional(mailPreference),
  })
  .register(z.globalRegistry, {
    id: 'NewNotificationPreferences',
    description:
      'Replaces all preferences. Without `quietHours`, there are none. Without `mail`, it stays as it is, so that older applications do not subscribe users again.',
    examples: [
      {
        kinds: { resolved: 'off' },
        quietHours: { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00', days: ['saturday', 'sunday'] },
      },
    ],
  });
export type NewNotificationPreferences = z.infer<typeof newNotificationPreferences>;

export const notificationPreferences = z
  .object({
    kinds: z.object({
      assigned: setting,
      unassigned: setting,
      transferred: setting,
      'new-message': setting,
      mention: setting,
      urgent: alwaysOn,
      'sla-warning': setting,
      'sla-breach': setting,
      resolved: setting,
      closed: setting,
      queue: setting,
    } as const satisfies Readonly<Record<NotificationKind, z.ZodMiniType>>),
    push: z.object({
      message: setting,
      mention: setting,
      assigned: setting,
      urgent: alwaysOn,
      'sla-warning': setting,
      'sla-breach': setting,
    } as const satisfies Readonly<Record<PushKind, z.ZodMiniType>>),
    quietHours: z.optional(quietHours),
    mail: mailPreference,
  })
  .register(z.globalRegistry, {
    id: 'NotificationPreferences',
    description: 'The kinds of notifications and pushes that the caller gets, the quiet hours, and the mails',
  });
export type NotificationPreferences = z.infer<typeof notificationPreferences>;

export const newMute = z
  .strictObject({
    until: z.optional(
      sentInstant.check(
        z.meta({
          description: 'End of the mute, with any offset. Without it, the mute has no end.',
          format: 'date-time',
          examples: ['2026-11-21T09:30:00+01:00'],
        }),
      ),
    ),
  })
  .register(z.globalRegistry, {
    id: 'NewMute',
    description: 'A mute of a conversation',
    examples: [{ until: '2026-11-21T09:30:00+01:00' }],
  });
export type NewMute = z.infer<typeof newMute>;

export const mute = z
  .object({ conversationId, until: z.optional(timestamp.check(z.describe('Absent if the mute has no end'))) })
  .register(z.globalRegistry, { id: 'Mute', description: 'A conversation about which the caller gets no pushes' });
export type Mute = z.infer<typeof mute>;
