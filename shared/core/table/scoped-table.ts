import { fromStoredValues, type StoredValues } from '../aws/attribute-values.ts';
import { ServiceError } from '../aws/service-error.ts';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '../aws/table-commands.ts';
import { settleAll } from '../runtime/settle-all.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type Expression, expressionAttributes } from './expression.ts';
import type { Key, PlatformKey } from './keys.ts';
import { retryConflicts } from './conflicts.ts';
import {
  fromStored,
  fullKey,
  keysKeyspace,
  platformKeyspace,
  type Keyspace,
  type StoredItem,
  tenantKeyspace,
  toStored,
} from './keyspace.ts';
import { tableSchema } from './schema.ts';

export type WriteOutcome<Item> =
  { readonly written: true } | { readonly written: false; readonly existing: (Item & Key) | undefined };

export type UpdateOutcome<Item> =
  | { readonly written: true; readonly item: Item & Key }
  | { readonly written: false; readonly existing: (Item & Key) | undefined };

export interface QueryOptions {
  readonly pk: string;
  /** Sort keys, both inclusive. */
  readonly between?: readonly [string, string];
  readonly beginsWith?: string;
  /** Sort key, exclusive. */
  readonly after?: string;
  readonly limit?: number;
  readonly descending?: boolean;
  readonly consistent?: boolean;
}

export interface CollectionQuery {
  readonly collection: string;
  readonly after?: Readonly<Record<string, string>>;
  readonly limit: number;
}

export interface QueryPage<Item> {
  readonly items: readonly (Item & Key)[];
  /** Undefined at the end. */
  readonly lastSortKey: string | undefined;
}

/** DynamoDB's limit. */
const batchSize = 100;

/**
 * One keyspace of the table, without Scan. Throws the client's errors after their retries, except for failed conditions.
 */
export class ScopedTable<AnyKey extends Key | PlatformKey> {
  readonly #keyspace: Keyspace;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  async get<Item>(key: AnyKey, options: { readonly consistent?: boolean } = {}): Promise<(Item & Key) | undefined> {
    const { Item: stored } = await this.#keyspace.client.send(
      new GetItemCommand({
        TableName: this.#keyspace.tableName,
        Key: fullKey(this.#keyspace, key),
        ConsistentRead: options.consistent ?? false,
      }),
    );
    return stored === undefined ? undefined : fromStored<Item>(this.#keyspace, stored as StoredItem);
  }

  /** Returns existing items in no particular order. Reads batches of 100 concurrently. */
  async batchGet<Item>(
    keys: readonly AnyKey[],
    options: { readonly consistent?: boolean } = {},
  ): Promise<readonly (Item & Key)[]> {
    const batches: AnyKey[][] = [];
    for (let start = 0; start < keys.length; start += batchSize) batches.push(keys.slice(start, start + batchSize));
    const results = await settleAll(batches.map((batch) => this.#getBatch<Item>(batch, options.consistent ?? false)));
    return results.flat();
  }

  async #getBatch<Item>(keys: readonly AnyKey[], consistent: boolean): Promise<(Item & Key)[]> {
    const items: (Item & Key)[] = [];
    let remaining: readonly Readonly<Record<string, unknown>>[] = keys.map((key) => fullKey(this.#keyspace, key));
    // Throttling leaves unprocessed keys. The client retries only calls that fail as a whole.
    for (let attempt = 0; remaining.length > 0; attempt += 1) {
      if (attempt === 5) throw new Error('The table did not return all items of a batch');
      const answer = await this.#keyspace.client.send(
        new BatchGetItemCommand({ [this.#keyspace.tableName]: { Keys: remaining, ConsistentRead: consistent } }),
      );
      for (const stored of answer.items[this.#keyspace.tableName] ?? []) {
        items.push(fromStored<Item>(this.#keyspace, stored as StoredItem));
      }
      remaining = answer.unprocessedKeys[this.#keyspace.tableName] ?? [];
    }
    return items;
  }

  async query<Item>(options: QueryOptions): Promise<QueryPage<Item>> {
    const pk = this.#keyspace.prefix + options.pk;
    const range = options.between
      ? ' AND #sk BETWEEN :low AND :high'
      : options.beginsWith === undefined
        ? ''
        : ' AND begins_with(#sk, :start)';
    const expression: Expression = {
      expression: `#pk = :pk${range}`,
      values: {
        pk,
        ...(options.between ? { low: options.between[0], high: options.between[1] } : {}),
        ...(options.beginsWith === undefined ? {} : { start: options.beginsWith }),
      },
    };
    const answer = await this.#keyspace.client.send(
      new QueryCommand({
        TableName: this.#keyspace.tableName,
        KeyConditionExpression: expression.expression,
        ...expressionAttributes(expression),
        ScanIndexForward: options.descending !== true,
        ConsistentRead: options.consistent ?? false,
        ...(options.limit === undefined ? {} : { Limit: options.limit }),
        ...(options.after === undefined ? {} : { ExclusiveStartKey: { pk, sk: options.after } }),
      }),
    );
    return {
      items: answer.Items.map((stored) => fromStored<Item>(this.#keyspace, stored as StoredItem)),
      lastSortKey: answer.LastEvaluatedKey?.['sk'] as string | undefined,
    };
  }

  /** The index is eventually consistent: never base a decision on it. */
  async queryCollection<Item>(
    options: CollectionQuery,
  ): Promise<{ readonly items: readonly (Item & Key)[]; readonly next: Readonly<Record<string, string>> | undefined }> {
    const index = tableSchema.indexes.collection;
    const collection = this.#keyspace.prefix + options.collection;
    const expression: Expression = {
      expression: `#${index.partitionKey} = :collection`,
      values: { collection },
    };
    const start = options.after;
    const answer = await this.#keyspace.client.send(
      new QueryCommand({
        TableName: this.#keyspace.tableName,
        IndexName: index.name,
        KeyConditionExpression: expression.expression,
        ...expressionAttributes(expression),
        Limit: options.limit,
        ...(start === undefined
          ? {}
          : {
              ExclusiveStartKey: {
                pk: this.#keyspace.prefix + (start['pk'] ?? ''),
                sk: start['sk'],
                [index.partitionKey]: collection,
                [index.sortKey]: start[index.sortKey],
              },
            }),
      }),
    );
    const last = answer.LastEvaluatedKey as Record<string, string> | undefined;
    return {
      items: answer.Items.map((stored) => fromStored<Item>(this.#keyspace, stored as StoredItem)),
      next: last && {
        pk: (last['pk'] ?? '').slice(this.#keyspace.prefix.length),
        sk: last['sk'] ?? '',
        [index.sortKey]: last[index.sortKey] ?? '',
      },
    };
  }

  async put<Item extends object>(key: AnyKey, item: Item, condition?: Expression): Promise<WriteOutcome<Item>> {
    return this.#outcome<Item, { written: true }>(async () => {
      await this.#keyspace.client.send(
        new PutItemCommand({
          TableName: this.#keyspace.tableName,
          Item: toStored(this.#keyspace, key, item),
          ...(condition === undefined
            ? {}
            : { ConditionExpression: condition.expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
          ...expressionAttributes(condition),
        }),
      );
      return { written: true };
    });
  }

  /** `change` has the form `SET … REMOVE … ADD …`. */
  async update<Item>(key: AnyKey, change: Expression, condition?: Expression): Promise<UpdateOutcome<Item>> {
    return this.#outcome<Item, { written: true; item: Item & Key }>(async () => {
      const answer = await this.#keyspace.client.send(
        new UpdateItemCommand({
          TableName: this.#keyspace.tableName,
          Key: fullKey(this.#keyspace, key),
          UpdateExpression: change.expression,
          ReturnValues: 'ALL_NEW',
          ...(condition === undefined
            ? {}
            : { ConditionExpression: condition.expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
          ...expressionAttributes(change, condition),
        }),
      );
      return { written: true, item: fromStored<Item>(this.#keyspace, answer.Attributes as StoredItem) };
    });
  }

  async delete<Item>(key: AnyKey, condition?: Expression): Promise<UpdateOutcome<Item>> {
    return this.#outcome<Item, { written: true; item: Item & Key }>(async () => {
      const answer = await this.#keyspace.client.send(
        new DeleteItemCommand({
          TableName: this.#keyspace.tableName,
          Key: fullKey(this.#keyspace, key),
          ReturnValues: 'ALL_OLD',
          ...(condition === undefined
            ? {}
            : { ConditionExpression: condition.expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
          ...expressionAttributes(condition),
        }),
      );
      const stored = (answer.Attributes ?? fullKey(this.#keyspace, key)) as StoredItem;
      return { written: true, item: fromStored<Item>(this.#keyspace, stored) };
    });
  }

  async #outcome<Item, Written>(
    write: () => Promise<Written>,
  ): Promise<Written | { written: false; existing: (Item & Key) | undefined }> {
    try {
      return await retryConflicts(write);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.name !== 'ConditionalCheckFailedException') throw error;
      const stored = error.members['Item'] as StoredValues | undefined;
      const existing = stored && fromStored<Item>(this.#keyspace, fromStoredValues(stored) as StoredItem);
      return { written: false, existing };
    }
  }
}

export type TenantTable = ScopedTable<Key>;
export type PlatformTable = ScopedTable<PlatformKey>;

export function tenantTable(scope: TenantScope): TenantTable {
  return new ScopedTable<Key>(tenantKeyspace(scope));
}

export function platformTable(): PlatformTable {
  return new ScopedTable<PlatformKey>(platformKeyspace());
}

export function keysTable(scope: TenantScope): TenantTable {
  return new ScopedTable<Key>(keysKeyspace(scope));
}
