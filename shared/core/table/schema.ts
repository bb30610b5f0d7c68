/** Keys and indexes of the tables, for the code that uses them and the stack that creates them. */
export const tableSchema = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch. DynamoDB deletes late (days are possible), so code checks the time as well. */
  timeToLive: 'expiresAt',
  indexes: {
    /** Collections that span partitions: the users of a tenant, all tenants. Sparse, eventually consistent. */
    collection: { name: 'collection', partitionKey: 'collectionPk', sortKey: 'collectionSk' },
  },
} as const;

export const keysTableSchema = { partitionKey: 'pk', sortKey: 'sk' } as const;

/** Partition keys of items that belong to no tenant begin with this; those of a tenant, with `tenantPrefix`. */
export const platformPrefix = 'P#';

/** Sort keys of log entries begin with this; the stack filters the stream by it. */
export const logEntryPrefix = 'L#';
/** Partition keys of outbox items contain this after the tenant's prefix. */
export const outboxPrefix = 'OUTBOX#';
/** Sort key of the items of users’ signs of life; the stack filters the stream by it. */
export const leasesSortKey = 'LEASES';
/** What such an item has while its last change may be news to others; the stack filters the stream by it. */
export const newsAttribute = 'newsAt';
/** Sort key of the items whose removal tells that an attachment was not sent in time; the stack filters the stream by it. */
export const attachmentDueSortKey = 'DUE';
