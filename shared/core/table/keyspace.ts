import type { AwsClient } from '../aws/aws-client.ts';
import { config } from '../runtime/config.ts';
import { count } from '../runtime/metrics.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { platformClient, tenantClient } from './client.ts';
import type { Key, PlatformKey } from './keys.ts';
import { platformPrefix, tableSchema } from './schema.ts';

export type StoredItem = Record<string, unknown> & { pk: string; sk: string };

/** The client's credentials allow this part of the table only. */
export interface Keyspace {
  readonly prefix: string;
  readonly tableName: string;
  readonly client: AwsClient;
}

export function tenantKeyspace(scope: TenantScope): Keyspace {
  return { prefix: scope.prefix, tableName: config.tableName, client: tenantClient(scope) };
}

export function platformKeyspace(): Keyspace {
  return { prefix: platformPrefix, tableName: config.tableName, client: platformClient };
}

export function keysKeyspace(scope: TenantScope): Keyspace {
  return { prefix: scope.prefix, tableName: config.keysTableName, client: tenantClient(scope) };
}

export function fullKey(keyspace: Keyspace, key: Key | PlatformKey): { pk: string; sk: string } {
  return { pk: keyspace.prefix + key.pk, sk: key.sk };
}

const indexKey = tableSchema.indexes.collection.partitionKey;

export function toStored(keyspace: Keyspace, key: Key | PlatformKey, item: object): StoredItem {
  const attributes: Record<string, unknown> = { ...item };
  const collection = attributes[indexKey];
  if (typeof collection === 'string') attributes[indexKey] = keyspace.prefix + collection;
  return { ...attributes, ...fullKey(keyspace, key) };
}

/** Throws for an item of another keyspace, which only a bug can read. */
export function fromStored<Item>(keyspace: Pick<Keyspace, 'prefix'>, stored: StoredItem): Item & Key {
  const collection = stored[indexKey];
  const foreign =
    !stored.pk.startsWith(keyspace.prefix) ||
    (typeof collection === 'string' && !collection.startsWith(keyspace.prefix));
  if (foreign) {
    count('CrossTenantDenied');
    throw new Error('An item of another keyspace was read');
  }
  const item: Record<string, unknown> = { ...stored, pk: stored.pk.slice(keyspace.prefix.length) };
  if (typeof collection === 'string') item[indexKey] = collection.slice(keyspace.prefix.length);
  return item as Item & Key;
}
