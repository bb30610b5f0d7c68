import { attachmentDueSortKey, leasesSortKey, logEntryPrefix, outboxPrefix } from './schema.ts';

/**
 * Every key of the table is made and parsed in this file. Keys of tenants' data never mention the tenant: the table adds it.
 * Keys of the platform keyspace (`platformKeys`) are for data that is needed before the tenant is known.
 */
export interface Key {
  readonly platform?: never;
  readonly pk: string;
  readonly sk: string;
}

/** A key outside of all tenants. A type of its own, so that neither kind passes for the other. */
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

/** `1795249800000#000000000042`: when the message was written, in milliseconds since the epoch, and its number. */
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

export const keys = {
  tenantSettings: (): Key => ({ pk: 'TENANT', sk: 'SETTINGS' }),

  user: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'PROFILE' }),
  /** The role, status and ended sessions that an authorizer reads. */
  userAccess: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'ACCESS' }),
  /** The password's hash, apart from what is read for every request and from what the index copies. */
  userCredentials: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'CREDENTIALS' }),
  /** All live sockets of a user, in one item: one read finds them, one batch finds those of 100 users. */
  userConnections: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'CONNECTIONS' }),
  /** Signs of life of the user's sockets. Expires when all have run out; its removal from the table says so. */
  userLeases: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: leasesSortKey }),
  /** A registration whose account is created when its address is verified. */
  registration: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'REGISTRATION' }),
  session: (userId: string, sessionId: string): Key => ({
    pk: `${userPartition}${userId}`,
    sk: `${sessionPrefix}${sessionId}`,
  }),
  membership: (userId: string, conversationId: string): Key => ({
    pk: `${userPartition}${userId}`,
    sk: `${membershipPrefix}${conversationId}`,
  }),
  /** Remembers which group a request started, so that its repetition starts no other. */
  startedGroup: (userId: string, clientConversationId: string): Key => ({
    pk: `${userPartition}${userId}`,
    sk: `STARTED#${clientConversationId}`,
  }),
  /** `value` is a keyed hash: addresses and names are not readable in keys. */
  uniqueEmail: (hash: string): Key => ({ pk: `EMAIL#${hash}`, sk: 'UNIQUE' }),
  /** The newest registration with an unverified address. */
  pendingEmail: (hash: string): Key => ({ pk: `EMAIL#${hash}`, sk: 'REGISTRATION' }),
  uniqueUsername: (hash: string): Key => ({ pk: `USERNAME#${hash}`, sk: 'UNIQUE' }),

  conversation: (conversationId: string): Key => ({
    pk: `${conversationPartition}${conversationId}`,
    sk: conversationSortKey,
  }),
  conversationSummary: (conversationId: string): Key => ({
    pk: `${conversationPartition}${conversationId}`,
    sk: 'SUMMARY',
  }),
  logEntry: (conversationId: string, seq: number): Key => ({
    pk: `${conversationPartition}${conversationId}`,
    sk: logSortKey(seq),
  }),
  /** How far a participant has received and read. */
  progress: (conversationId: string, userId: string): Key => ({
    pk: `${conversationPartition}${conversationId}`,
    sk: `${progressPrefix}${userId}`,
  }),
  /** The search index of a message. Sorts by time, like the log. */
  searchEntry: (conversationId: string, createdAt: number, seq: number): Key => ({
    pk: `X#${conversationId}`,
    sk: searchSortKey(createdAt, seq),
  }),
  /** One direct conversation per pair: the ids in order, whoever starts. */
  directPair: (userId: string, otherId: string): Key => {
    const [first, second] = userId < otherId ? [userId, otherId] : [otherId, userId];
    return { pk: `PAIR#${first}#${second}`, sk: 'UNIQUE' };
  },

  passwordReset: (hash: string): Key => ({ pk: `RESET#${hash}`, sk: 'TOKEN' }),
  emailVerification: (hash: string): Key => ({ pk: `VERIFY#${hash}`, sk: 'TOKEN' }),
  attachment: (attachmentId: string): Key => ({ pk: `${attachmentPartition}${attachmentId}`, sk: 'FILE' }),
  /** Expires when an attachment that is not sent by then is to be deleted; its removal from the table says so. */
  attachmentDue: (attachmentId: string): Key => ({
    pk: `${attachmentPartition}${attachmentId}`,
    sk: attachmentDueSortKey,
  }),
  /** The attachment of a client's own id. */
  clientAttachment: (userId: string, clientAttachmentId: string): Key => ({
    pk: `${userPartition}${userId}`,
    sk: `F#${clientAttachmentId}`,
  }),
  /** Bytes of a user's files. */
  userFiles: (userId: string): Key => ({ pk: `${userPartition}${userId}`, sk: 'FILES' }),
  /** Bytes of all the tenant's files. */
  tenantFiles: (): Key => ({ pk: 'TENANT', sk: 'FILES' }),

  outbox: (eventId: string): Key => ({ pk: `${outboxPrefix}${eventId}`, sk: 'EVENT' }),
  /** Remembers that a consumer has handled an event. */
  handledEvent: (consumer: string, eventId: string): Key => ({ pk: `HANDLED#${eventId}`, sk: consumer }),
  /** Attempts at something that is limited, counted under a keyed hash of account or address. */
  attempts: (bucket: string): Key => ({ pk: `ATTEMPTS#${bucket}`, sk: 'WINDOW' }),
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
