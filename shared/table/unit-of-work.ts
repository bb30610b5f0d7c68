import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { BusEvent, EventData } from '../contract/kit/define-event.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { newId } from '../runtime/ids.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { documents } from './client.ts';
import { retryConflicts } from './conflicts.ts';
import { type Expression, expressionAttributes } from './expression.ts';
import { type Key, keys, type PlatformKey } from './keys.ts';
import { fromStored, fullKey, platformRealm, type Realm, type StoredItem, tenantRealm, toStored } from './realm.ts';

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export type CommitOutcome =
  | { readonly committed: true }
  /** The condition of the operation with this label did not hold; nothing was written. */
  | { readonly committed: false; readonly failed: string; readonly existing: Record<string, unknown> | undefined };

/** Outbox items have been published long before; after this time DynamoDB deletes them, at no charge. */
const outboxLifeSeconds = 24 * 60 * 60;

/**
 * Changes that happen together or not at all, with the events that tell of them: an event is an item of the same
 * transaction, which the stream projector publishes. At most 100 items.
 */
export class UnitOfWork {
  readonly #scope: TenantScope;
  readonly #operations: { label: string; realm: Realm; operation: Operation }[] = [];

  constructor(scope: TenantScope) {
    this.#scope = scope;
  }

  put(label: string, key: Key | PlatformKey, item: object, condition?: Expression): this {
    const realm = this.#realmOf(key);
    return this.#add(label, realm, {
      Put: { TableName: realm.tableName, Item: toStored(realm, key, item), ...conditionOf(condition) },
    });
  }

  update(label: string, key: Key | PlatformKey, change: Expression, condition?: Expression): this {
    const realm = this.#realmOf(key);
    return this.#add(label, realm, {
      Update: {
        TableName: realm.tableName,
        Key: fullKey(realm, key),
        UpdateExpression: change.expression,
        ...conditionOf(condition),
        ...expressionAttributes(change, condition),
      },
    });
  }

  delete(label: string, key: Key | PlatformKey, condition?: Expression): this {
    const realm = this.#realmOf(key);
    return this.#add(label, realm, {
      Delete: { TableName: realm.tableName, Key: fullKey(realm, key), ...conditionOf(condition) },
    });
  }

  check(label: string, key: Key | PlatformKey, condition: Expression): this {
    const realm = this.#realmOf(key);
    return this.#add(label, realm, {
      ConditionCheck: {
        TableName: realm.tableName,
        Key: fullKey(realm, key),
        ConditionExpression: condition.expression,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...expressionAttributes(condition),
      },
    });
  }

  emit<E extends BusEvent>(event: E, data: EventData<E>): this {
    const id = newId();
    const at = now();
    return this.put(`emit ${event.type}`, keys.outbox(id), {
      id,
      type: event.type,
      version: event.version,
      at: toTimestamp(at),
      data,
      expiresAt: Math.floor(at / 1000) + outboxLifeSeconds,
    });
  }

  async commit(): Promise<CommitOutcome> {
    const items = this.#operations.map((one) => one.operation);
    try {
      await retryConflicts(() => documents.send(new TransactWriteCommand({ TransactItems: items })));
      return { committed: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
      const operation = this.#operations[failed];
      if (operation === undefined) throw error;
      return { committed: false, ...failureOf(operation, reasons[failed]?.Item) };
    }
  }

  #realmOf(key: Key | PlatformKey): Realm {
    return 'platform' in key ? platformRealm() : tenantRealm(this.#scope);
  }

  #add(label: string, realm: Realm, operation: Operation): this {
    this.#operations.push({ label, realm, operation });
    return this;
  }
}

function conditionOf(condition: Expression | undefined) {
  return condition === undefined
    ? {}
    : {
        ConditionExpression: condition.expression,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        ...expressionAttributes(condition),
      };
}

function failureOf(
  operation: { label: string; realm: Realm },
  item: Parameters<typeof unmarshall>[0] | undefined,
): { failed: string; existing: Record<string, unknown> | undefined } {
  const existing = item === undefined || Object.keys(item).length === 0 ? undefined : (unmarshall(item) as StoredItem);
  return {
    failed: operation.label,
    existing: existing && fromStored<Record<string, unknown>>(operation.realm, existing),
  };
}

/** Begins a unit of work on a tenant's data. */
export function unitOfWork(scope: TenantScope): UnitOfWork {
  return new UnitOfWork(scope);
}
