import type { BusEvent, EventData } from '../../contract/kit/define-event.ts';
import { fromStoredValues, type StoredValues } from '../aws/attribute-values.ts';
import { ServiceError } from '../aws/service-error.ts';
import { type TransactItem, TransactWriteItemsCommand } from '../aws/table-commands.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { newId } from '../runtime/ids.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { retryConflicts } from './conflicts.ts';
import { type Expression, expressionAttributes } from './expression.ts';
import { type Key, keys, type PlatformKey } from './keys.ts';
import {
  fromStored,
  fullKey,
  platformKeyspace,
  type Keyspace,
  type StoredItem,
  tenantKeyspace,
  toStored,
} from './keyspace.ts';

export type CommitOutcome =
  | { readonly committed: true }
  /** `failed` is a condition's label. Nothing was written. */
  | { readonly committed: false; readonly failed: string; readonly existing: Record<string, unknown> | undefined };

/** DynamoDB then deletes published items at no charge. */
const outboxLifeSeconds = 24 * 60 * 60;

/** A transaction of at most 100 items. Its credentials allow one keyspace only. */
export class KeyspaceWork<AnyKey extends Key | PlatformKey> {
  readonly #keyspace: Keyspace;
  readonly #operations: { label: string; operation: TransactItem }[] = [];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  put(label: string, key: AnyKey, item: object, condition?: Expression): this {
    const keyspace = this.#keyspace;
    return this.#add(label, {
      Put: { TableName: keyspace.tableName, Item: toStored(keyspace, key, item), ...conditionOf(condition) },
    });
  }

  update(label: string, key: AnyKey, change: Expression, condition?: Expression): this {
    const keyspace = this.#keyspace;
    return this.#add(label, {
      Update: {
        TableName: keyspace.tableName,
        Key: fullKey(keyspace, key),
        UpdateExpression: change.expression,
        ...conditionOf(condition),
        ...expressionAttributes(change, condition),
      },
    });
  }

  delete(label: string, key: AnyKey, condition?: Expression): this {
    const keyspace = this.#keyspace;
    return this.#add(label, {
      Delete: { TableName: keyspace.tableName, Key: fullKey(keyspace, key), ...conditionOf(condition) },
    });
  }

  check(label: string, key: AnyKey, condition: Expression): this {
    const keyspace = this.#keyspace;
    return this.#add(label, {
      ConditionCheck: {
        TableName: keyspace.tableName,
        Key: fullKey(keyspace, key),
        ConditionExpression: condition.expression,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...expressionAttributes(condition),
      },
    });
  }

  async commit(): Promise<CommitOutcome> {
    const items = this.#operations.map(({ operation }) => operation);
    try {
      await retryConflicts(() => this.#keyspace.client.send(new TransactWriteItemsCommand(items)));
      return { committed: true };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.name !== 'TransactionCanceledException') throw error;
      const reasons = error.CancellationReasons;
      const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
      const operation = this.#operations[failed];
      if (operation === undefined) throw error;
      return { committed: false, ...this.#failureOf(operation.label, reasons[failed]?.Item) };
    }
  }

  #add(label: string, operation: TransactItem): this {
    this.#operations.push({ label, operation });
    return this;
  }

  #failureOf(failed: string, item: StoredValues | undefined) {
    if (item === undefined || Object.keys(item).length === 0) return { failed, existing: undefined };
    return {
      failed,
      existing: fromStored<Record<string, unknown>>(this.#keyspace, fromStoredValues(item) as StoredItem),
    };
  }
}

/** An event is an item of the transaction. The stream projector publishes it. */
export class UnitOfWork extends KeyspaceWork<Key> {
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

export function unitOfWork(scope: TenantScope): UnitOfWork {
  return new UnitOfWork(tenantKeyspace(scope));
}

export function platformWork(): KeyspaceWork<PlatformKey> {
  return new KeyspaceWork<PlatformKey>(platformKeyspace());
}
