import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { config } from '../runtime/config.ts';
import { count } from '../runtime/metrics.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { platformDocuments, tenantDocuments } from './client.ts';
import type { Key, PlatformKey } from './keys.ts';
import { platformPrefix, tableSchema } from './schema.ts';

/** An item as it is stored: its attributes and its full key. */
export type StoredItem = Record<string, unknown> & { pk: string; sk: string };

/**
 * Part of a table whose partition keys begin with a prefix: a tenant's, or the platform's; and the client whose
 * credentials open that part and no other.
 */
export interface Realm {
  readonly prefix: string;
  readonly tableName: string;
  readonly documents: DynamoDBDocumentClient;
}

export function tenantRealm(scope: TenantScope): Realm {
  return { prefix: scope.prefix, tableName: config.tableName, documents: tenantDocuments(scope) };
}

export function platformRealm(): Realm {
  return { prefix: platformPrefix, tableName: config.tableName, documents: platformDocuments };
}

/** The tenant's part of the table of wrapped data keys. */
export function keysRealm(scope: TenantScope): Realm {
  return { prefix: scope.prefix, tableName: config.keysTableName, documents: tenantDocuments(scope) };
}

export function fullKey(realm: Realm, key: Key | PlatformKey): { pk: string; sk: string } {
  return { pk: realm.prefix + key.pk, sk: key.sk };
}

const indexKey = tableSchema.indexes.collection.partitionKey;

/** Attributes to store: the key and, where the item is in the index, its index key, both with the realm's prefix. */
export function toStored(realm: Realm, key: Key | PlatformKey, item: object): StoredItem {
  const attributes: Record<string, unknown> = { ...item };
  const collection = attributes[indexKey];
  if (typeof collection === 'string') attributes[indexKey] = realm.prefix + collection;
  return { ...attributes, ...fullKey(realm, key) };
}

/**
 * The item without its prefix. An item of another realm can only come from a mistake of ours, so it is an error and a
 * metric that alarms, never an answer.
 */
export function fromStored<Item>(realm: Pick<Realm, 'prefix'>, stored: StoredItem): Item & Key {
  const collection = stored[indexKey];
  const foreign =
    !stored.pk.startsWith(realm.prefix) || (typeof collection === 'string' && !collection.startsWith(realm.prefix));
  if (foreign) {
    count('CrossTenantDenied');
    throw new Error('An item of another realm was read');
  }
  const own: Record<string, unknown> = { ...stored, pk: stored.pk.slice(realm.prefix.length) };
  if (typeof collection === 'string') own[indexKey] = collection.slice(realm.prefix.length);
  return own as Item & Key;
}
