export const tableSchema = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch. DynamoDB may delete days late, so code checks it too. */
  timeToLive: 'expiresAt',
  indexes: {
    /** Sparse and eventually consistent. */
    collection: { name: 'collection', partitionKey: 'collectionPk', sortKey: 'collectionSk' },
  },
} as const;

export const keysTableSchema = { partitionKey: 'pk', sortKey: 'sk' } as const;

export const platformPrefix = 'P#';

// The stacks filter the table's stream by the following.

export const logEntryPrefix = 'L#';
export const outboxPrefix = 'OUTBOX#';
export const leasesSortKey = 'LEASES';
/** Present if the projector may have to announce the last change. */
export const newsAttribute = 'newsAt';
export const attachmentDueSortKey = 'DUE';
/** Milliseconds since the epoch when the item is due. Absent without a timer. */
export const wakeAttribute = 'wakeAt';
