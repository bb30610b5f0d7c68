import { attachmentDueSortKey, leasesSortKey, logEntryPrefix, outboxPrefix } from './schema.ts';

/** Without the tenant's prefix, which the keyspace adds. This file creates and parses every key. */
export interface Key {
  readonly platform?: never;
  readonly pk: string;
  readonly sk: string;
}

/** For items that are needed before the tenant is known. */
export interface PlatformKey {
  readonly platform: true;
  readonly pk: string;
  readonly sk: string;
}

const seqDigits = 12;
export const lastLogSeq = 10 ** seqDigits - 1;

/** `L#000000000042` */
export function logSortKey(seq: number): string {
  return `${logEntryPrefix}${String(seq).padStart(seqDigits, '0')}`;
}

export function seqOf({ sk }: Pick<Key, 'sk'>): number {
  return Number(sk.slice(logEntryPrefix.length));
}

const millisecondDigits = 13;

/** `1795249800000#000000000042`: creation time in milliseconds since the epoch, and number. */
export function searchSortKey(createdAt: number, seq: number): string {
  return `${String(createdAt).padStart(millisecondDigits, '0')}#${String(seq).padStart(seqDigits, '0')}`;
}

export function searchPositionOf({ sk }: Pick<Key, 'sk'>): { readonly createdAt: number; readonly seq: number } {
  const [createdAt, seq] = sk.split('#').map(Number);
  return { createdAt: createdAt ?? 0, seq: seq ?? 0 };
}

/** Sorts after the changes of a day. */
export const lastDeskChange = ':';

/** Sorts after the log, so that one descending query reads the conversation and its newest entries. */
export const conversationSortKey = 'M';
export const progressPrefix = 'P#';
export const membershipPrefix = 'M#';
export const sessionPrefix = 'S#';
export const notificationPrefix = 'N#';
export const draftPrefix = 'D#';
export const mutePrefix = 'MUTE#';

export const templatePartition = 'TEMPLATES';
export const templatePrefix = 'T#';

const userPartition = 'U#';
const conversationPartition = 'C#';
const attachmentPartition = 'A#';
export const agentPartition = 'AGENTS';

export const userIdOf = (key: Pick<Key, 'pk'>): string => idIn(userPartition, key);
export const conversationIdOf = (key: Pick<Key, 'pk'>): string => idIn(conversationPartition, key);
export const attachmentIdOf = (key: Pick<Key, 'pk'>): string => idIn(attachmentPartition, key);

export function templateIdOf({ sk }: Pick<Key, 'sk'>): string {
  return sk.slice(templatePrefix.length);
}
export const notificationIdOf = ({ sk }: Pick<Key, 'sk'>): string => sk.slice(notificationPrefix.length);
export const mutedConversationOf = ({ sk }: Pick<Key, 'sk'>): string => sk.slice(mutePrefix.length);
export const draftConversationOf = ({ sk }: Pick<Key, 'sk'>): string => sk.slice(draftPrefix.length);

export function isConversation({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean {
  return pk.startsWith(conversationPartition) && sk === conversationSortKey;
}

export function isTenantSettings({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean {
  return pk === 'TENANT' && sk === 'SETTINGS';
}

export function isAgent({ pk }: Pick<Key, 'pk'>): boolean {
  return pk === agentPartition;
}

export function agentIdOf({ sk }: Pick<Key, 'sk'>): string {
  return sk;
}

export function isLogEntry({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean {
  return pk.startsWith(conversationPartition) && sk.startsWith(logEntryPrefix);
}

/** @throws Error for another kind of item. */
function idIn(partition: string, { pk }: Pick<Key, 'pk'>): string {
  if (!pk.startsWith(partition)) throw new Error(`Not a key of ${partition}`);
  return pk.slice(partition.length);
}

const keyOf = (pk: string, sk: string): Key => ({ pk, sk });
const ofUser = (userId: string, sk: string): Key => keyOf(userPartition + userId, sk);
const ofConversation = (conversationId: string, sk: string): Key => keyOf(conversationPartition + conversationId, sk);

export const keys = {
  tenantSettings: () => keyOf('TENANT', 'SETTINGS'),
  tenantSinks: () => keyOf('TENANT', 'SINKS'),

  user: (userId: string) => ofUser(userId, 'PROFILE'),
  userAccess: (userId: string) => ofUser(userId, 'ACCESS'),
  /** The optional profile of a guest, and the devices that the guest may use. */
  guestProfile: (guestId: string) => ofUser(guestId, 'GUEST'),
  /** The guest that a device moved to. `deviceId` is the keyed hash of the device's key or secret. */
  guestDevice: (deviceId: string) => keyOf(`DEVICE#${deviceId}`, 'GUEST'),
  /** A one-time code that moves a guest to another device. */
  transferCode: (hash: string) => keyOf(`TRANSFER#${hash}`, 'CODE'),
  /** Records that a proof or a challenge of guests was used. */
  usedOnce: (hash: string) => keyOf(`USED#${hash}`, 'ONCE'),
  /** Separate from `userAccess`, which every request reads, and from `user`, which the index copies. */
  userCredentials: (userId: string) => ofUser(userId, 'CREDENTIALS'),
  /** One item, so that one batch reads those of 100 users. */
  userConnections: (userId: string) => ofUser(userId, 'CONNECTIONS'),
  userLeases: (userId: string) => ofUser(userId, leasesSortKey),
  registration: (userId: string) => ofUser(userId, 'REGISTRATION'),
  session: (userId: string, sessionId: string) => ofUser(userId, `${sessionPrefix}${sessionId}`),
  membership: (userId: string, conversationId: string) => ofUser(userId, `${membershipPrefix}${conversationId}`),
  startedConversation: (userId: string, clientConversationId: string) =>
    ofUser(userId, `STARTED#${clientConversationId}`),
  /** `hash` is keyed and reveals no address or name. */
  uniqueEmail: (hash: string) => keyOf(`EMAIL#${hash}`, 'UNIQUE'),
  pendingEmail: (hash: string) => keyOf(`EMAIL#${hash}`, 'REGISTRATION'),
  uniqueUsername: (hash: string) => keyOf(`USERNAME#${hash}`, 'UNIQUE'),

  conversation: (conversationId: string) => ofConversation(conversationId, conversationSortKey),
  conversationSummary: (conversationId: string) => ofConversation(conversationId, 'SUMMARY'),
  logEntry: (conversationId: string, seq: number) => ofConversation(conversationId, logSortKey(seq)),
  progress: (conversationId: string, userId: string) => ofConversation(conversationId, `${progressPrefix}${userId}`),
  searchEntry: (conversationId: string, createdAt: number, seq: number) =>
    keyOf(`X#${conversationId}`, searchSortKey(createdAt, seq)),
  /** All agents of a tenant share a partition, so that one consistent query reads them with their loads. */
  agent: (userId: string) => keyOf(agentPartition, userId),
  team: (teamId: string) => keyOf('TEAMS', teamId),
  teamName: (hash: string) => keyOf(`TEAM#${hash}`, 'UNIQUE'),
  /** The conversation that a guest's start returns. */
  openSupport: (customerId: string) => ofUser(customerId, 'OPEN'),
  /** Numbers of conversations by team, status and priority, in shards. */
  queueCounts: (teamId: string | undefined, shard: number) => keyOf(`COUNTS#${teamId ?? ''}`, String(shard)),
  queue: (queue: string, position: string) => keyOf(`Q#${queue}`, position),
  /** A change of a support conversation, for agents who catch up. */
  deskChange: (day: string, at: number, conversationId: string) =>
    keyOf(`DESK#${day}`, `${String(at).padStart(millisecondDigits, '0')}#${conversationId}`),
  /** Sorted, because two users share one direct conversation. */
  directPair: (userId: string, otherId: string) => {
    const [first, second] = userId < otherId ? [userId, otherId] : [otherId, userId];
    return keyOf(`PAIR#${first}#${second}`, 'UNIQUE');
  },

  passwordReset: (hash: string) => keyOf(`RESET#${hash}`, 'TOKEN'),
  emailVerification: (hash: string) => keyOf(`VERIFY#${hash}`, 'TOKEN'),
  attachment: (attachmentId: string) => keyOf(`${attachmentPartition}${attachmentId}`, 'FILE'),
  /** Its expiry starts the deletion of an unsent attachment. */
  attachmentDue: (attachmentId: string) => keyOf(`${attachmentPartition}${attachmentId}`, attachmentDueSortKey),
  clientAttachment: (userId: string, clientAttachmentId: string) => ofUser(userId, `F#${clientAttachmentId}`),
  userFiles: (userId: string) => ofUser(userId, 'FILES'),
  tenantFiles: () => keyOf('TENANT', 'FILES'),

  template: (templateId: string) => keyOf(templatePartition, `${templatePrefix}${templateId}`),
  templateCount: () => keyOf(templatePartition, 'COUNT'),
  /** `hash` is keyed. */
  templateKey: (hash: string) => keyOf(`TEMPLATEKEY#${hash}`, 'UNIQUE'),
  templateShortcut: (hash: string) => keyOf(`SHORTCUT#${hash}`, 'UNIQUE'),
  /** A tenant counts its uses of global templates, too. */
  templateUses: (templateId: string) => keyOf(`TEMPLATE#${templateId}`, 'USES'),
  templateUse: (userId: string, clientMessageId: string, templateId: string) =>
    ofUser(userId, `USE#${clientMessageId}#${templateId}`),

  outbox: (eventId: string) => keyOf(`${outboxPrefix}${eventId}`, 'EVENT'),
  handledEvent: (consumer: string, eventId: string) => keyOf(`HANDLED#${eventId}`, consumer),
  /** `bucket` contains a keyed hash of the account or address. */
  attempts: (bucket: string) => keyOf(`ATTEMPTS#${bucket}`, 'WINDOW'),
} as const;

const notificationMailSortKey = 'NOTIFICATION-MAIL';
export const isNotificationMail = ({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean =>
  pk.startsWith(userPartition) && sk === notificationMailSortKey;

/** Separate from `keys`, so that functions without notifications do not contain them. */
export const notificationKeys = {
  notification: (userId: string, notificationId: string) => ofUser(userId, `${notificationPrefix}${notificationId}`),
  count: (userId: string) => ofUser(userId, 'NOTIFICATION-COUNT'),
  preferences: (userId: string) => ofUser(userId, 'NOTIFICATION-PREFERENCES'),
  /** The timer of the next digest. */
  mail: (userId: string) => ofUser(userId, notificationMailSortKey),
} as const;

const answerMailSortKey = 'ANSWER-MAIL';
/** The timer of a mail about an unread answer. */
export const answerMailKey = (conversationId: string): Key => ofConversation(conversationId, answerMailSortKey);
export const isAnswerMail = ({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean =>
  pk.startsWith(conversationPartition) && sk === answerMailSortKey;

export const suppressionKeys = {
  /** `hash` is the keyed hash of the address. */
  suppression: (hash: string) => keyOf('SUPPRESSIONS', hash),
} as const;

/** All webhooks of a tenant share a partition, so that one query reads them for an event. */
export const webhookKey = (webhookId: string): Key => keyOf('WEBHOOKS', webhookId);
/** Changes whenever a webhook is created or deleted. */
export const webhookListKey = (): Key => keyOf('WEBHOOK-LIST', 'REVISION');

const lanesPartition = 'LANES#';
const laneSortPrefix = 'L#';

/** Of the lanes to a destination, such as `webhook/01J…`. Separate from `keys`, for the same reason. */
export const laneKeys = {
  lane: (destination: string, lane: string) => keyOf(lanesPartition + destination, laneSortPrefix + lane),
  /** A lane that waits until its destination works. */
  parked: (destination: string, lane: string) => keyOf(lanesPartition + destination, `P#${lane}`),
  gate: (destination: string) => keyOf(lanesPartition + destination, 'GATE'),
  replay: (destination: string) => keyOf(lanesPartition + destination, 'REPLAY'),
  /** A delivery that waits in its lane. */
  pending: (destination: string, lane: string, position: string) => keyOf(`PENDING#${destination}#${lane}`, position),
  delivery: (destination: string, deliveryId: string) => keyOf(`DELIVERIES#${destination}`, deliveryId),
} as const;

/** Wake-ups of these items go to the queue of lanes. */
export function isOfLanes({ pk }: Pick<Key, 'pk'>): boolean {
  return pk.startsWith(lanesPartition);
}

export const destinationOf = (key: Pick<Key, 'pk'>): string => idIn(lanesPartition, key);

/** Undefined for a gate or a replay. */
export function laneOf({ sk }: Pick<Key, 'sk'>): string | undefined {
  return sk.startsWith(laneSortPrefix) ? sk.slice(laneSortPrefix.length) : undefined;
}

/** Separate from `keys`, so that functions without pushes do not contain them. */
export const deviceKeys = {
  /** One item, so that one batch reads those of 100 users. */
  devices: (userId: string) => ofUser(userId, 'DEVICES'),
  /** Records that a device got the push of an event. */
  sentPush: (eventId: string, userId: string, deviceId: string) => keyOf(`PUSHED#${eventId}`, `${userId}#${deviceId}`),
  /** The only user whose pushes an endpoint of SNS receives. */
  endpoint: (endpointArn: string): PlatformKey => ({ platform: true, pk: `ENDPOINT#${endpointArn}`, sk: 'OWNER' }),
} as const;

export const muteKey = (userId: string, conversationId: string): Key =>
  ofUser(userId, `${mutePrefix}${conversationId}`);

const meterPartition = 'METER#';
const deliveryPrefix = 'D#';

/** Separate from `keys`, so that functions without incidents do not contain them. */
export const incidentKeys = {
  source: (sourceId: string) => keyOf('SOURCES', sourceId),
  /** The newest delivery of a source sorts last, because its id begins with its time. */
  delivery: (sourceId: string, deliveryId: string) => keyOf(`SOURCE#${sourceId}`, `${deliveryPrefix}${deliveryId}`),
  payload: (deliveryId: string) => keyOf(`DELIVERY#${deliveryId}`, 'PAYLOAD'),
  /** The effect of one incident of a delivery. */
  effect: (deliveryId: string, index: number) => keyOf(`DELIVERY#${deliveryId}`, `E#${String(index).padStart(3, '0')}`),
  /** By which a repeated delivery is recognised. */
  seen: (sourceId: string, identity: string) => keyOf(`SEEN#${sourceId}#${identity}`, 'DELIVERY'),
  /** `hash` is a keyed hash of the incident's key. */
  incident: (sourceId: string, hash: string) => keyOf(`INCIDENT#${sourceId}#${hash}`, 'STATE'),
  /** The conversation that an incident opened. */
  start: (startId: string) => keyOf(`INCIDENTSTART#${startId}`, 'START'),
  /** Counts what a source does in a window. */
  meter: (sourceId: string, windowStart: number, subject: string) =>
    keyOf(`${meterPartition}${sourceId}`, `${String(windowStart).padStart(millisecondDigits, '0')}#${subject}`),
} as const;

export const deliveriesOf = (sourceId: string) => ({
  pk: incidentKeys.delivery(sourceId, '').pk,
  beginsWith: deliveryPrefix,
});

export function isMeter({ pk }: Pick<Key, 'pk'>): boolean {
  return pk.startsWith(meterPartition);
}

export const draftKey = (userId: string, conversationId: string): Key =>
  ofUser(userId, `${draftPrefix}${conversationId}`);

export const platformKeys = {
  tenantBySlug: (slug: string): PlatformKey => ({ platform: true, pk: `SLUG#${slug}`, sk: 'TENANT' }),
  tenant: (tenantId: string): PlatformKey => ({ platform: true, pk: `TENANT#${tenantId}`, sk: 'RECORD' }),
  ticket: (hash: string): PlatformKey => ({ platform: true, pk: `TICKET#${hash}`, sk: 'TICKET' }),
  /** The tenant of a source of incidents, whose senders name no tenant. */
  source: (sourceId: string): PlatformKey => ({ platform: true, pk: `SOURCE#${sourceId}`, sk: 'TENANT' }),
  attempts: (bucket: string): PlatformKey => ({ platform: true, pk: `ATTEMPTS#${bucket}`, sk: 'WINDOW' }),
  /** Global templates. */
  template: (templateId: string) => ofPlatform(keys.template(templateId)),
  templateCount: () => ofPlatform(keys.templateCount()),
  templateKey: (name: string) => ofPlatform(keys.templateKey(name)),
  templateShortcut: (name: string) => ofPlatform(keys.templateShortcut(name)),
} as const;

function ofPlatform({ pk, sk }: Key): PlatformKey {
  return { platform: true, pk, sk };
}

export const collections = {
  users: 'USERS',
  tenants: 'TENANTS',
} as const;

export const dataKeyKey = (version: number): Key => ({ pk: 'KEYS', sk: `V#${String(version).padStart(6, '0')}` });
/** `owner` is the kind and id of the owner, such as `guest/01J…`. */
export const ownedKeyKey = (owner: string): Key => ({ pk: `OWNED#${owner}`, sk: 'KEY' });
