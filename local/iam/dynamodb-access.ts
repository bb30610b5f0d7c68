import type { TableInformation } from '../services/dynamodb/tables.ts';
import { streamLabel } from '../template/attributes.ts';
import type { AccessOf, CallAccess, CallToJudge, Surroundings } from './aws-call.ts';
import { singleAction } from './aws-call.ts';
import type { AccessRequest } from './policies.ts';
import type { Lookup } from './patterns.ts';
import { textOf } from '../text-of.ts';

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface ItemAction {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly Keys?: readonly Attributes[];
}

/**
 * A transaction needs the rights of its operations.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function dynamoDbAccess(surroundings: Surroundings, tables: readonly TableInformation[]): AccessOf {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const prefix = `arn:aws:dynamodb:${surroundings.region}:${surroundings.accountId}:table/`;

  const itemRequest = (
    operation: string,
    nameOrArn: string,
    keys: () => readonly string[],
    enclosing?: string,
  ): AccessRequest => {
    const arn = nameOrArn.startsWith('arn:') ? nameOrArn : `${prefix}${nameOrArn}`;
    return { action: `dynamodb:${operation}`, resource: arn, lookup: itemLookup(keys, enclosing) };
  };
  const partitionKeyOf = (nameOrArn: string): string => byName.get(tableName(nameOrArn))?.partitionKey ?? '';
  const keysOf = (action: ItemAction): readonly string[] =>
    keyValues([action.Item ?? action.Key ?? {}], partitionKeyOf(action.TableName ?? ''));

  const several: Readonly<Record<string, (call: CallToJudge) => CallAccess>> = {
    Query: ({ input }) => {
      const table = String(input['TableName']);
      const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
      const information = byName.get(tableName(table));
      const key = (index === undefined ? information?.partitionKey : information?.indexPartitionKeys.get(index)) ?? '';
      const request = itemRequest('Query', table, () => queriedKeys(input, key));
      return withIndex(request, index, table);
    },
    Scan: ({ input }) => {
      // A scan names no keys, so it has no dynamodb:LeadingKeys.
      const table = String(input['TableName']);
      const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
      const request = { ...itemRequest('Scan', table, () => []), lookup: () => undefined };
      return withIndex(request, index, table);
    },
    BatchGetItem: ({ input }) =>
      perTable(input['RequestItems'] as Readonly<Record<string, ItemAction>>, (table, { Keys: keys }) =>
        itemRequest('BatchGetItem', table, () => keyValues(keys ?? [], partitionKeyOf(table))),
      ),
    BatchWriteItem: ({ input }) =>
      perTable(
        input['RequestItems'] as Readonly<Record<string, readonly Readonly<Record<string, ItemAction>>[]>>,
        (table, writes) => {
          const attributes = writes.flatMap((write) =>
            Object.values(write).map((action) => action.Item ?? action.Key ?? {}),
          );
          return itemRequest('BatchWriteItem', table, () => keyValues(attributes, partitionKeyOf(table)));
        },
      ),
    TransactGetItems: ({ input }) => {
      const items = (input['TransactItems'] ?? []) as readonly { readonly Get?: ItemAction }[];
      return transaction(
        'TransactGetItems',
        items.map((item) => ['GetItem', item.Get ?? {}]),
      );
    },
    TransactWriteItems: ({ input }) => {
      const items = (input['TransactItems'] ?? []) as readonly Readonly<Record<string, ItemAction>>[];
      return transaction(
        'TransactWriteItems',
        items.flatMap((item) =>
          Object.entries(item).map(([kind, action]): [string, ItemAction] => [
            transactionActions[kind] ?? kind,
            action,
          ]),
        ),
      );
    },
    ExecuteStatement: ({ input }) => partiQl([String(input['Statement'])]),
    BatchExecuteStatement: ({ input }) => partiQl(statementsOf(input['Statements'])),
    ExecuteTransaction: ({ input }) => partiQl(statementsOf(input['TransactStatements'])),
    GetRecords: ({ input }) => {
      const table = tableOfIterator(String(input['ShardIterator']));
      return singleAction('dynamodb:GetRecords', `${prefix}${table}/stream/${streamLabel}`, undefined, table);
    },
    ListTables: () => singleAction('dynamodb:ListTables', '*'),
    ListStreams: () => singleAction('dynamodb:ListStreams', '*'),
  };

  const transaction = (enclosing: string, actions: readonly (readonly [string, ItemAction])[]): CallAccess => {
    const grouped = Map.groupBy(actions, ([operation, action]) => `${operation} ${action.TableName}`);
    const requests = [...grouped.values()].map((group) => {
      const [operation, first] = group[0] ?? ['', {}];
      return itemRequest(
        operation,
        first.TableName ?? '',
        () => group.flatMap(([, action]) => keysOf(action)),
        enclosing,
      );
    });
    return { requests, resource: unique(actions.map(([, action]) => tableName(action.TableName ?? ''))) };
  };

  const partiQl = (statements: readonly string[]): CallAccess => {
    const requests = statements.map((statement): AccessRequest => {
      const verb = /^\s*(\w+)/.exec(statement)?.[1]?.toUpperCase() ?? '';
      const table = /(?:FROM|INTO|UPDATE)\s+"?([A-Za-z0-9_.-]+)/i.exec(statement)?.[1] ?? '';
      const action = partiQlActions[verb] ?? 'PartiQLSelect';
      return { action: `dynamodb:${action}`, resource: `${prefix}${table}`, lookup: () => undefined };
    });
    return { requests, resource: unique(requests.map((request) => request.resource.slice(prefix.length))) };
  };

  const withIndex = (request: AccessRequest, index: string | undefined, table: string): CallAccess => {
    const name = tableName(table);
    if (index === undefined) return { requests: [request], resource: name };
    return { requests: [{ ...request, resource: `${request.resource}/index/${index}` }], resource: `${name}/${index}` };
  };

  return (call) => {
    const special = several[call.operation];
    if (special !== undefined) return special(call);
    const { operation, input } = call;
    const stream = input['StreamArn'];
    if (typeof stream === 'string') return singleAction(`dynamodb:${operation}`, stream);
    const table = textOf(input['TableName'] ?? input['ResourceArn']);
    const request = itemRequest(operation, table, () => keysOf(input));
    return { requests: [request], resource: tableName(table) };
  };
}

const transactionActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const partiQlActions: Readonly<Record<string, string>> = {
  SELECT: 'PartiQLSelect',
  INSERT: 'PartiQLInsert',
  UPDATE: 'PartiQLUpdate',
  DELETE: 'PartiQLDelete',
};

function itemLookup(keys: () => readonly string[], enclosing: string | undefined): Lookup {
  return (key) => {
    if (key === 'dynamodb:leadingkeys') {
      // A Null condition detects absent keys.
      const values = keys();
      return values.length === 0 ? undefined : values;
    }
    return key === 'dynamodb:enclosingoperation' ? enclosing : undefined;
  };
}

function perTable<Entry>(
  items: Readonly<Record<string, Entry>> | undefined,
  request: (table: string, entry: Entry) => AccessRequest,
): CallAccess {
  const entries = Object.entries(items ?? {});
  return {
    requests: entries.map(([table, entry]) => request(table, entry)),
    resource: unique(entries.map(([table]) => tableName(table))),
  };
}

function keyValues(items: readonly Attributes[], partitionKey: string): string[] {
  return items.flatMap((item) => {
    const value = item[partitionKey];
    return value === undefined ? [] : [attributeText(value)];
  });
}

function attributeText(value: Readonly<Record<string, unknown>>): string {
  return String(Object.values(value)[0]);
}

/** Such as `pk = :pk`. */
function queriedKeys(input: Readonly<Record<string, unknown>>, partitionKey: string): string[] {
  const legacy = input['KeyConditions'] as
    | Readonly<Record<string, { readonly AttributeValueList?: readonly Readonly<Record<string, unknown>>[] }>>
    | undefined;
  if (legacy !== undefined) return (legacy[partitionKey]?.AttributeValueList ?? []).map(attributeText);
  const names = (input['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Attributes;
  const expression = textOf(input['KeyConditionExpression']);
  const result: string[] = [];
  for (const [, left = '', right = ''] of expression.matchAll(/([\w.#:-]+)\s*=\s*([\w.#:-]+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    const attribute = values[value];
    if ((names[name] ?? name) === partitionKey && attribute !== undefined) result.push(attributeText(attribute));
  }
  return result;
}

function statementsOf(statements: unknown): string[] {
  return ((statements ?? []) as readonly { readonly Statement?: string }[]).map((entry) => entry.Statement ?? '');
}

/** The engine's iterators contain the table's name. */
function tableOfIterator(iterator: string): string {
  try {
    const { table_name: table } = JSON.parse(Buffer.from(iterator, 'base64').toString()) as { table_name?: string };
    return table ?? '';
  } catch {
    return '';
  }
}

function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.lastIndexOf('table/') + 'table/'.length) : nameOrArn;
}

function unique(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
