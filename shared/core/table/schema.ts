export const tableSchema = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch. DynamoDB may delete days late, so code checks the time as well. */
  timeToLive: 'expiresAt',
  indexes: {
    /** Collections over several partitions, such as the users of a tenant. Sparse and eventually consistent. */
    collection: { name: 'collection', partitionKey: 'collectionPk', sortKey: 'collectionSk' },
  },
} as const;

export const keysTableSchema = { partitionKey: 'pk', sortKey: 'sk' } as const;

/** Prefix of the platform's partition keys. Those of a tenant have `tenantPrefix`. */
export const platformPrefix = 'P#';

// The stacks filter the table's stream by the following.

/** Prefix of the sort keys of log entries. */
export const logEntryPrefix = 'L#';
/** Prefix of the partition keys of outbox items, after the tenant's prefix. */
export const outboxPrefix = 'OUTBOX#';
/** Sort key of a user's leases. */
export const leasesSortKey = 'LEASES';
/** Attribute of that item, present if the projector may have to announce its last change. */
export const newsAttribute = 'newsAt';
/** Sort key of items whose expiry means that an attachment was not sent in time. */
export const attachmentDueSortKey = 'DUE';
