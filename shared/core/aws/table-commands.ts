import { randomUUID } from 'node:crypto';
import { fromStoredValues, type StoredValues, toStoredValues, type Values } from './attribute-values.ts';
import { JsonOperation } from './aws-operation.ts';

interface Condition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Values;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

interface OfTable {
  readonly TableName: string;
}

interface OfItem extends OfTable {
  readonly Key: Values;
}

interface PutInput extends OfTable, Condition {
  readonly Item: Values;
}

interface UpdateInput extends OfItem, Condition {
  readonly UpdateExpression: string;
}

interface QueryInput extends OfTable {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Values;
  readonly ScanIndexForward?: boolean;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Values;
}

interface KeysOfTable {
  readonly Keys: readonly Values[];
  readonly ConsistentRead?: boolean;
}

/** An operation of a transaction. */
export type TransactItem =
  | { readonly Put: PutInput }
  | { readonly Update: UpdateInput }
  | { readonly Delete: OfItem & Condition }
  | { readonly ConditionCheck: OfItem & Condition & { readonly ConditionExpression: string } };

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export class GetItemCommand extends JsonOperation<{ readonly Item: Values | undefined }> {
  constructor(input: OfItem & { readonly ConsistentRead?: boolean }) {
    super('dynamodb', 'GetItem', stored(input), ({ Item }) => ({ Item: optional(Item) }));
  }
}

interface BatchOutput {
  /** By table. */
  readonly items: Readonly<Record<string, readonly Values[]>>;
  /** By table. */
  readonly unprocessedKeys: Readonly<Record<string, readonly Values[]>>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export class BatchGetItemCommand extends JsonOperation<BatchOutput> {
  /** @param tables by name. */
  constructor(tables: Readonly<Record<string, KeysOfTable>>) {
    const RequestItems = mapped(tables, (table) => ({ ...table, Keys: table.Keys.map(toStoredValues) }));
    super('dynamodb', 'BatchGetItem', { RequestItems }, ({ Responses = {}, UnprocessedKeys = {} }) => ({
      items: mapped(Responses as Record<string, StoredValues[]>, (items) => items.map(fromStoredValues)),
      unprocessedKeys: mapped(UnprocessedKeys as Record<string, { readonly Keys: StoredValues[] }>, ({ Keys }) =>
        Keys.map(fromStoredValues),
      ),
    }));
  }
}

interface QueryOutput {
  readonly Items: readonly Values[];
  readonly LastEvaluatedKey: Values | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export class QueryCommand extends JsonOperation<QueryOutput> {
  constructor(input: QueryInput) {
    super('dynamodb', 'Query', stored(input), ({ Items = [], LastEvaluatedKey }) => ({
      Items: (Items as StoredValues[]).map(fromStoredValues),
      LastEvaluatedKey: optional(LastEvaluatedKey),
    }));
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export class PutItemCommand extends JsonOperation<undefined> {
  constructor(input: PutInput) {
    super('dynamodb', 'PutItem', stored(input), () => undefined);
  }
}

interface ChangeOutput {
  readonly Attributes: Values | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export class UpdateItemCommand extends JsonOperation<ChangeOutput> {
  constructor(input: UpdateInput & { readonly ReturnValues?: 'ALL_NEW' }) {
    super('dynamodb', 'UpdateItem', stored(input), ({ Attributes }) => ({ Attributes: optional(Attributes) }));
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export class DeleteItemCommand extends JsonOperation<ChangeOutput> {
  constructor(input: OfItem & Condition & { readonly ReturnValues?: 'ALL_OLD' }) {
    super('dynamodb', 'DeleteItem', stored(input), ({ Attributes }) => ({ Attributes: optional(Attributes) }));
  }
}

/**
 * The token makes DynamoDB run the transaction once, even if an attempt's answer is lost. Each command has its own.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export class TransactWriteItemsCommand extends JsonOperation<undefined> {
  constructor(items: readonly TransactItem[]) {
    const TransactItems = items.map((item) => mapped(item as Readonly<Record<string, TableInput>>, stored));
    const input = { TransactItems, ClientRequestToken: randomUUID() };
    super('dynamodb', 'TransactWriteItems', input, () => undefined);
  }
}

const members = ['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey'] as const;
type TableInput = { readonly [Member in (typeof members)[number]]?: Values };

function stored(input: TableInput): object {
  const result: Record<string, unknown> = { ...input };
  for (const member of members) {
    const values = input[member];
    if (values !== undefined) result[member] = toStoredValues(values);
  }
  return result;
}

function optional(values: unknown): Values | undefined {
  return values === undefined ? undefined : fromStoredValues(values as StoredValues);
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
