import { attachmentDueSortKey, leasesSortKey, logEntryPrefix, outboxPrefix } from './schema.ts';

/**
 * The key of a tenant's item, without the tenant's prefix, which the keyspace adds. This file creates and parses every
 * key of the table.
 */
export interface Key {
  readonly platform?: never;
  readonly pk: string;
  readonly sk: string;
}

/**
 * The key of an item that is needed before the tenant is known. A separate type, so that TypeScript rejects one kind of
 * key in place of the other.
 */
export interface PlatformKey {
  readonly platform: true;
  readonly pk: string;
  readonly sk: string;
}

const seqDigits = 12;
/** The highest number that a sort key can hold, beyond every log. */
export const lastLogSeq = 10 ** seqDigits - 1;

/** `L#000000000042` */
export function logSortKey(seq: number): string {
  return `${logEntryPrefix}${String(seq).padStart(seqDigits, '0')}`;
}

/** The number in the key of a log entry. */
export function seqOf({ sk }: Pick<Key, 'sk'>): number {
  return Number(sk.slice(logEntryPrefix.length));
}

const millisecondDigits = 13;

/** `1795249800000#000000000042`: the creation time of the message, in milliseconds since the epoch, and its number. */
export function searchSortKey(createdAt: number, seq: number): string {
  return `${String(createdAt).padStart(millisecondDigits, '0')}#${String(seq).padStart(seqDigits, '0')}`;
}

/** The time and the number in a key of the search index. */
export function searchPositionOf({ sk }: Pick<Key, 'sk'>): { readonly createdAt: number; readonly seq: number } {
  const [createdAt, seq] = sk.split('#').map(Number);
  return { createdAt: createdAt ?? 0, seq: seq ?? 0 };
}

/** Sorts right after the log, so that one descending query reads the conversation and its newest entries. */
export const conversationSortKey = 'M';
export const progressPrefix = 'P#';
export const membershipPrefix = 'M#';
export const sessionPrefix = 'S#';

const userPartition = 'U#';
const conversationPartition = 'C#';
const attachmentPartition = 'A#';

export const userIdOf = (key: Pick<Key, 'pk'>): string => idIn(userPartition, key);
export const conversationIdOf = (key: Pick<Key, 'pk'>): string => idIn(conversationPartition, key);
export const attachmentIdOf = (key: Pick<Key, 'pk'>): string => idIn(attachmentPartition, key);

export function isConversation({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean {
  return pk.startsWith(conversationPartition) && sk === conversationSortKey;
}

export function isLogEntry({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean {
  return pk.startsWith(conversationPartition) && sk.startsWith(logEntryPrefix);
}

/** @throws Error if the key belongs to another kind of item. */
function idIn(partition: string, { pk }: Pick<Key, 'pk'>): string {
  if (!pk.startsWith(partition)) throw new Error(`Not a key of ${partition}`);
  return pk.slice(partition.length);
}

const keyOf = (pk: string, sk: string): Key => ({ pk, sk });
const ofUser = (userId: string, sk: string): Key => keyOf(userPartition + userId, sk);
const ofConversation = (conversationId: string, sk: string): Key => keyOf(conversationPartition + conversationId, sk);

export const keys = {
  tenantSettings: () => keyOf('TENANT', 'SETTINGS'),

  user: (userId: string) => ofUser(userId, 'PROFILE'),
  /** The role, status and ended sessions that an authorizer reads. */
  userAccess: (userId: string) => ofUser(userId, 'ACCESS'),
  /** The optional profile of a guest, and the devices that the guest may use. */
  guestProfile: (guestId: string) => ofUser(guestId, 'GUEST'),
  /** The guest that a device moved to. `deviceId` is the keyed hash of the device's key or secret. */
  guestDevice: (deviceId: string) => keyOf(`DEVICE#${deviceId}`, 'GUEST'),
  /** A one-time code that moves a guest to another device. */
  transferCode: (hash: string) => keyOf(`TRANSFER#${hash}`, 'CODE'),
  /** Records that a proof or a challenge of guests was used. */
  usedOnce: (hash: string) => keyOf(`USED#${hash}`, 'ONCE'),
  /**
   * The password's hash. Separate from `userAccess`, which every request reads, and from `user`, which the index
   * copies.
   */
  userCredentials: (userId: string) => ofUser(userId, 'CREDENTIALS'),
  /** All connections of a user in one item, so that one batch reads those of 100 users. */
  userConnections: (userId: string) => ofUser(userId, 'CONNECTIONS'),
  /**
   * The leases of the user's connections. The item expires with the last lease, so that its removal reports the end.
   */
  userLeases: (userId: string) => ofUser(userId, leasesSortKey),
  /** A registration whose account is created when its address is verified. */
  registration: (userId: string) => ofUser(userId, 'REGISTRATION'),
  session: (userId: string, sessionId: string) => ofUser(userId, `${sessionPrefix}${sessionId}`),
  membership: (userId: string, conversationId: string) => ofUser(userId, `${membershipPrefix}${conversationId}`),
  /** The group that a request created, so that a repeated request does not create another one. */
  startedGroup: (userId: string, clientConversationId: string) => ofUser(userId, `STARTED#${clientConversationId}`),
  /** `hash` is keyed, so that keys do not reveal addresses and names. */
  uniqueEmail: (hash: string) => keyOf(`EMAIL#${hash}`, 'UNIQUE'),
  /** The newest registration with an unverified address. */
  pendingEmail: (hash: string) => keyOf(`EMAIL#${hash}`, 'REGISTRATION'),
  uniqueUsername: (hash: string) => keyOf(`USERNAME#${hash}`, 'UNIQUE'),

  conversation: (conversationId: string) => ofConversation(conversationId, conversationSortKey),
  conversationSummary: (conversationId: string) => ofConversation(conversationId, 'SUMMARY'),
  logEntry: (conversationId: string, seq: number) => ofConversation(conversationId, logSortKey(seq)),
  /** The numbers up to which a participant has received and read the log. */
  progress: (conversationId: string, userId: string) => ofConversation(conversationId, `${progressPrefix}${userId}`),
  /** The search index of a message. Sorts by time, like the log. */
  searchEntry: (conversationId: string, createdAt: number, seq: number) =>
    keyOf(`X#${conversationId}`, searchSortKey(createdAt, seq)),
  /** Two users share one direct conversation, so the ids are sorted. */
  directPair: (userId: string, otherId: string) => {
    const [first, second] = userId < otherId ? [userId, otherId] : [otherId, userId];
    return keyOf(`PAIR#${first}#${second}`, 'UNIQUE');
  },

  passwordReset: (hash: string) => keyOf(`RESET#${hash}`, 'TOKEN'),
  emailVerification: (hash: string) => keyOf(`VERIFY#${hash}`, 'TOKEN'),
  attachment: (attachmentId: string) => keyOf(`${attachmentPartition}${attachmentId}`, 'FILE'),
  /** Expires when an unsent attachment is due for deletion, so that its removal starts the deletion. */
  attachmentDue: (attachmentId: string) => keyOf(`${attachmentPartition}${attachmentId}`, attachmentDueSortKey),
  /** The attachment with an id that the client generated. */
  clientAttachment: (userId: string, clientAttachmentId: string) => ofUser(userId, `F#${clientAttachmentId}`),
  /** The total size of a user's files. */
  userFiles: (userId: string) => ofUser(userId, 'FILES'),
  /** The total size of the tenant's files. */
  tenantFiles: () => keyOf('TENANT', 'FILES'),

  outbox: (eventId: string) => keyOf(`${outboxPrefix}${eventId}`, 'EVENT'),
  /** Records that a consumer has handled an event. */
  handledEvent: (consumer: string, eventId: string) => keyOf(`HANDLED#${eventId}`, consumer),
  /**
   * Counts attempts at a limited operation, such as a login. `bucket` contains a keyed hash of the account or address.
   */
  attempts: (bucket: string) => keyOf(`ATTEMPTS#${bucket}`, 'WINDOW'),
} as const;

export const platformKeys = {
  tenantBySlug: (slug: string): PlatformKey => ({ platform: true, pk: `SLUG#${slug}`, sk: 'TENANT' }),
  tenant: (tenantId: string): PlatformKey => ({ platform: true, pk: `TENANT#${tenantId}`, sk: 'RECORD' }),
  ticket: (hash: string): PlatformKey => ({ platform: true, pk: `TICKET#${hash}`, sk: 'TICKET' }),
  attempts: (bucket: string): PlatformKey => ({ platform: true, pk: `ATTEMPTS#${bucket}`, sk: 'WINDOW' }),
} as const;

/** Partitions of the `collection` index. */
export const collections = {
  users: 'USERS',
  tenants: 'TENANTS',
} as const;

/** Keys of the table of wrapped data keys. */
export const dataKeyKey = (version: number): Key => ({ pk: 'KEYS', sk: `V#${String(version).padStart(6, '0')}` });
/** `owner` is the kind and id of the owner, such as `guest/01J…`. */
export const ownedKeyKey = (owner: string): Key => ({ pk: `OWNED#${owner}`, sk: 'KEY' });
