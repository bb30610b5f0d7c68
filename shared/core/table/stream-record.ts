import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
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
  const itemOf = (image: Readonly<Record<string, AttributeValue>> | undefined) =>
    image && fromStored<Record<string, unknown>>(scope, unmarshall(withBytes(image)) as StoredItem);
  return {
    scope,
    kind: record.eventName === 'INSERT' ? 'insert' : record.eventName === 'REMOVE' ? 'remove' : 'modify',
    key: { pk: partitionKey.slice(scope.prefix.length), sk: sortKey },
    item: itemOf(change.NewImage),
    before: itemOf(change.OldImage),
    sequenceNumber: change.SequenceNumber ?? '',
  };
}

type Image = Parameters<typeof unmarshall>[0];

/** Lambda events contain bytes as base64 text. */
function withBytes(image: Readonly<Record<string, AttributeValue>>): Image {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, bytesIn(value)])) as Image;
}

function bytesIn(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };
  if (value.BS !== undefined) return { BS: value.BS.map((bytes) => Buffer.from(bytes, 'base64')) };
  if (value.M !== undefined) return { M: withBytes(value.M) };
  if (value.L !== undefined) return { L: value.L.map(bytesIn) };
  return value;
}
