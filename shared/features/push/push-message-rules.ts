import type { PushPlatform } from '../../contract/schemas/device.ts';
import type { PushKind } from '../../contract/schemas/notification.ts';
import type { PlatformMessage, Push, ShownContent } from './push.ts';

/** APNs and FCM accept 4096 bytes. SNS adds some of its own. */
export const mostBytes = 3584;

const secondMs = 1000;
const hourMs = 60 * 60 * secondMs;

/** Milliseconds after the cause. */
export const lives: Readonly<Record<PushKind, number>> = {
  message: 24 * hourMs,
  mention: 24 * hourMs,
  assigned: 24 * hourMs,
  // The escalation repeats it.
  urgent: hourMs,
  'sla-warning': 24 * hourMs,
  'sla-breach': 24 * hourMs,
};

/** Keys of the app's own texts, so that no text passes through the platform's servers. */
const textKeys: Readonly<Record<PushKind, string>> = {
  message: 'PUSH_MESSAGE',
  mention: 'PUSH_MENTION',
  assigned: 'PUSH_ASSIGNED',
  urgent: 'PUSH_URGENT',
  'sla-warning': 'PUSH_SLA_WARNING',
  'sla-breach': 'PUSH_SLA_BREACH',
};

/** Of Android. The user sets sound and importance of each. */
const channels: Readonly<Record<PushKind, string>> = {
  message: 'messages',
  mention: 'messages',
  assigned: 'work',
  urgent: 'urgent',
  'sla-warning': 'work',
  'sla-breach': 'work',
};

const timeSensitive: ReadonlySet<PushKind> = new Set(['mention', 'assigned', 'urgent']);

/**
 * A later push with the same id replaces the earlier one on the device. At most 64 bytes, as APNs requires.
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
export function collapseIdOf({ kind, conversationId, seq, metric }: Omit<Push, 'userId' | 'shown' | 'validUntil'>) {
  switch (kind) {
    case 'message':
      return conversationId;
    case 'mention':
    case 'assigned':
      return `${conversationId}.${seq}`;
    case 'urgent':
      return `${conversationId}.urgent`;
    case 'sla-warning':
    case 'sla-breach':
      return `${conversationId}.${metric ?? 'sla'}`;
  }
}

/** @param badge unread messages of the user. Without it, the device keeps its number. */
export function alertMessage(platform: PushPlatform, push: Push, badge: number | undefined, at: number) {
  const payload = (shown: ShownContent): object =>
    platform === 'fcm' ? androidAlert(push, shown, badge, at) : appleAlert(push, shown, badge);
  return platformMessage(platform, shortened(push.shown, payload), {
    pushType: 'alert',
    priority: 10,
    collapseId: collapseIdOf(push),
    lifeSeconds: lifeSeconds(push, at),
  });
}

/** Seconds in which a push is of use. At most 0 if it is too late. */
export function lifeSeconds({ validUntil }: Pick<Push, 'validUntil'>, at: number): number {
  return Math.floor((validUntil - at) / secondMs);
}

const withdrawalSeconds = 600;
export const withdrawalLifeMs = withdrawalSeconds * secondMs;

/**
 * Tells the app, without an alert, that a conversation was read on another device. Delivery is not certain: both
 * platforms limit silent pushes.
 */
export function withdrawalMessage(
  platform: PushPlatform,
  read: { readonly conversationId: string; readonly readSeq: number },
  badge: number | undefined,
): PlatformMessage {
  const data = { kind: 'read', ...read, ...(badge === undefined ? {} : { unreadCount: badge }) };
  const payload =
    platform === 'fcm'
      ? {
          fcmV1Message: {
            message: { data: texts(data), android: { priority: 'normal', ttl: `${withdrawalSeconds}s` } },
          },
        }
      : { aps: { 'content-available': 1 }, ...data };
  return platformMessage(platform, payload, {
    pushType: 'background',
    // APNs rejects others for background pushes.
    priority: 5,
    collapseId: `${read.conversationId}.read`,
    lifeSeconds: withdrawalSeconds,
  });
}

function appleAlert(push: Push, { sender, text }: ShownContent, badge: number | undefined): object {
  const { kind, conversationId, seq } = push;
  return {
    aps: {
      alert: {
        ...(sender === undefined ? {} : { title: sender }),
        ...(text === undefined ? { 'loc-key': textKeys[kind] } : { body: text }),
      },
      ...(badge === undefined ? {} : { badge }),
      sound: 'default',
      'thread-id': conversationId,
      'mutable-content': 1,
      'interruption-level': timeSensitive.has(kind) ? 'time-sensitive' : 'active',
    },
    kind,
    conversationId,
    seq,
  };
}

/**
 * Without a `collapse_key`: a device that is offline would get the newest push of all conversations only, and four keys
 * at most. The tag replaces what the device shows.
 * https://firebase.google.com/docs/cloud-messaging/customize-messages/collapsible-messages
 */
function androidAlert(push: Push, { sender, text }: ShownContent, badge: number | undefined, at: number): object {
  const { kind, conversationId, seq } = push;
  const notification = {
    ...(sender === undefined ? {} : { title: sender }),
    ...(text === undefined ? { body_loc_key: textKeys[kind] } : { body: text }),
    tag: collapseIdOf(push),
    channel_id: channels[kind],
    // Without a number, or with 0, the launcher counts by itself.
    ...(badge === undefined ? {} : { notification_count: badge }),
  };
  const android = { priority: 'high', ttl: `${lifeSeconds(push, at)}s`, notification };
  return { fcmV1Message: { message: { data: texts({ kind, conversationId, seq }), android } } };
}

/** FCM accepts only texts. */
function texts(data: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
}

function shortened(shown: ShownContent, payload: (shown: ShownContent) => object): object {
  const { text } = shown;
  if (text === undefined || bytesOf(payload(shown)) <= mostBytes) return payload(shown);
  // A character has at least one byte.
  const characters = [...text.slice(0, mostBytes)];
  const cut = (length: number) => payload({ ...shown, text: `${characters.slice(0, length).join('')}…` });
  let [fits, exceeds] = [0, characters.length + 1];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (bytesOf(cut(middle)) <= mostBytes) fits = middle;
    else exceeds = middle;
  }
  return cut(fits);
}

function bytesOf(payload: object): number {
  return Buffer.byteLength(JSON.stringify(payload));
}

interface Delivery {
  readonly pushType: 'alert' | 'background';
  readonly priority: 10 | 5;
  readonly collapseId: string;
  readonly lifeSeconds: number;
}

const messageKeys = { fcm: 'GCM', apns: 'APNS', 'apns-sandbox': 'APNS_SANDBOX' } as const;

/**
 * SNS takes the payload of each platform as a text, and requires a default.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-ttl.html
 */
function platformMessage(platform: PushPlatform, payload: object, delivery: Delivery): PlatformMessage {
  const message = JSON.stringify({ default: 'New message', [messageKeys[platform]]: JSON.stringify(payload) });
  const life = String(delivery.lifeSeconds);
  if (platform === 'fcm') return { message, attributes: { 'AWS.SNS.MOBILE.FCM.TTL': life } };
  return {
    message,
    attributes: {
      'AWS.SNS.MOBILE.APNS.PUSH_TYPE': delivery.pushType,
      'AWS.SNS.MOBILE.APNS.PRIORITY': String(delivery.priority),
      'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': delivery.collapseId,
      [`AWS.SNS.MOBILE.${messageKeys[platform]}.TTL`]: life,
    },
  };
}
