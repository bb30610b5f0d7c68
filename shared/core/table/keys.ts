import { attachmentDueSortKey, leasesSortKey, logEntryPrefix, outboxPrefix } from './schema.ts';

/**
 * Every key of the table, in one place. Keys of tenants' data never mention the tenant: the table adds it. Keys of the
 * platform keyspace (`platformKeys`) hold what has to be found before the tenant is known.
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

/** `L#000000000042` */
export function logSortKey(seq: number): string {
  return `${logEntryPrefix}${String(seq).padStart(seqDigits, '0')}`;
}

export function seqOfSortKey(sortKey: string): number {
  return Number(sortKey.slice(logEntryPrefix.length));
}

const millisecondDigits = 13;

/** `1795249800000#000000000042`: when the message was written, in milliseconds since the epoch, and its number. */
export function searchSortKey(createdAt: number, seq: number): string {
  return `${String(createdAt).padStart(millisecondDigits, '0')}#${String(seq).padStart(seqDigits, '0')}`;
}

/** Sorts right after the log, so that one descending query reads the conversation and its newest entries. */
export const conversationSortKey = 'M';
export const participantPrefix = 'P#';
export const membershipPrefix = 'M#';
export const sessionPrefix = 'S#';

export const keys = {
  tenantSettings: (): Key => ({ pk: 'TENANT', sk: 'SETTINGS' }),

  user: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'PROFILE' }),
  /** What an authorizer reads: role, status, and which sessions are over. */
  userAccess: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'ACCESS' }),
  /** The password's hash, apart from what is read for every request and from what the index copies. */
  userCredentials: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'CREDENTIALS' }),
  /** All live sockets of a user, in one item: one read finds them, one batch finds those of 100 users. */
  userConnections: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'CONNECTIONS' }),
  /** Signs of life of the user's sockets. Expires when all have run out; its removal from the table says so. */
  userLeases: (userId: string): Key => ({ pk: `U#${userId}`, sk: leasesSortKey }),
  /** A registration whose account is created when its address is verified. */
  registration: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'REGISTRATION' }),
  session: (userId: string, sessionId: string): Key => ({ pk: `U#${userId}`, sk: `${sessionPrefix}${sessionId}` }),
  membership: (userId: string, conversationId: string): Key => ({
    pk: `U#${userId}`,
    sk: `${membershipPrefix}${conversationId}`,
  }),
  /** Remembers which group a request started, so that its repetition starts no other. */
  startedGroup: (userId: string, clientConversationId: string): Key => ({
    pk: `U#${userId}`,
    sk: `STARTED#${clientConversationId}`,
  }),
  /** `value` is a keyed hash: addresses and names are not readable in keys. */
  uniqueEmail: (hash: string): Key => ({ pk: `EMAIL#${hash}`, sk: 'UNIQUE' }),
  /** The newest registration with an unverified address. */
  pendingEmail: (hash: string): Key => ({ pk: `EMAIL#${hash}`, sk: 'REGISTRATION' }),
  uniqueUsername: (hash: string): Key => ({ pk: `USERNAME#${hash}`, sk: 'UNIQUE' }),

  conversation: (conversationId: string): Key => ({ pk: `C#${conversationId}`, sk: conversationSortKey }),
  conversationSummary: (conversationId: string): Key => ({ pk: `C#${conversationId}`, sk: 'SUMMARY' }),
  logEntry: (conversationId: string, seq: number): Key => ({ pk: `C#${conversationId}`, sk: logSortKey(seq) }),
  participant: (conversationId: string, userId: string): Key => ({
    pk: `C#${conversationId}`,
    sk: `${participantPrefix}${userId}`,
  }),
  /** What the search index has of a message. Sorts by time, like the log. */
  searchEntry: (conversationId: string, createdAt: number, seq: number): Key => ({
    pk: `X#${conversationId}`,
    sk: searchSortKey(createdAt, seq),
  }),
  /** One direct conversation per pair: the ids in order, whoever starts. */
  directPair: (one: string, other: string): Key => {
    const [first, second] = one < other ? [one, other] : [other, one];
    return { pk: `PAIR#${first}#${second}`, sk: 'UNIQUE' };
  },

  passwordReset: (hash: string): Key => ({ pk: `RESET#${hash}`, sk: 'TOKEN' }),
  emailVerification: (hash: string): Key => ({ pk: `VERIFY#${hash}`, sk: 'TOKEN' }),
  attachment: (attachmentId: string): Key => ({ pk: `A#${attachmentId}`, sk: 'FILE' }),
  /** Expires when an attachment that is not sent by then is to be deleted; its removal from the table says so. */
  attachmentDue: (attachmentId: string): Key => ({ pk: `A#${attachmentId}`, sk: attachmentDueSortKey }),
  /** Which attachment a client's own id stands for. */
  clientAttachment: (userId: string, clientAttachmentId: string): Key => ({
    pk: `U#${userId}`,
    sk: `F#${clientAttachmentId}`,
  }),
  /** Bytes of a user's files. */
  userFiles: (userId: string): Key => ({ pk: `U#${userId}`, sk: 'FILES' }),
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
