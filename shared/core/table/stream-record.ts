import type { DynamoDBRecord } from 'aws-lambda';
import { fromStoredValues, type StoredValues } from '../aws/attribute-values.ts';
import { TenantScope } from '../tenancy/tenant-scope.ts';
import type { Key } from './keys.ts';
import { fromStored, type StoredItem } from './keyspace.ts';

export interface ItemChange {
  readonly scope: TenantScope;
  readonly kind: 'insert' | 'modify' | 'remove';
  readonly key: Key;
  /** Its key has no prefix. Undefined after a removal. */
  readonly item: (Record<string, unknown> & Key) | undefined;
  /** Undefined for an insert. */
  readonly before: (Record<string, unknown> & Key) | undefined;
  readonly sequenceNumber: string;
}

/** @returns undefined for items of no tenant. */
export function itemChange(record: DynamoDBRecord): ItemChange | undefined {
  const change = record.dynamodb;
  const partitionKey = change?.Keys?.['pk']?.S;
  const sortKey = change?.Keys?.['sk']?.S;
  if (change === undefined || partitionKey === undefined || sortKey === undefined) return undefined;
  const scope = TenantScope.fromStreamKey(partitionKey);
  if (scope === undefined) return undefined;
  const itemOf = (image: StoredValues | undefined) =>
    image && fromStored<Record<string, unknown>>(scope, fromStoredValues(image) as StoredItem);
  return {
    scope,
    kind: record.eventName === 'INSERT' ? 'insert' : record.eventName === 'REMOVE' ? 'remove' : 'modify',
    key: { pk: partitionKey.slice(scope.prefix.length), sk: sortKey },
    item: itemOf(change.NewImage),
    before: itemOf(change.OldImage),
    sequenceNumber: change.SequenceNumber ?? '',
  };
}
