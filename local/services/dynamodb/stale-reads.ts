import type { FaultPlan } from '../../fault-plan.ts';
import type { EngineClient } from './engine-client.ts';
import type { TableInformation } from './tables.ts';

type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Input = Readonly<Record<string, unknown>>;

const mostRemembered = 10_000;
/** AWS usually takes less than a second, but guarantees no limit. */
const longestStaleMs = 60_000;

/**
 * Eventually consistent reads and index reads may miss the newest write.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
export class StaleReads {
  readonly #faults: FaultPlan;
  readonly #tables: ReadonlyMap<string, TableInformation>;
  readonly #client: EngineClient;
  /** By table and key; no item if there was none. */
  readonly #earlier = new Map<string, { readonly item: Item | undefined; readonly until: number }>();

  constructor(faults: FaultPlan, tables: readonly TableInformation[], client: EngineClient) {
    this.#faults = faults;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#client = client;
  }

  /** Call the result once the write has succeeded. */
  async beforeWrite(operation: string, input: Input): Promise<() => void> {
    const noted = await Promise.all(
      writtenItems(operation, input).map(async ([name, attributes]): Promise<[string, Item | undefined]> => {
        const table = this.#tables.get(name);
        if (table === undefined) return ['', undefined];
        const key = keyOf(table, attributes);
        const answer = await this.#client.post(
          'DynamoDB_20120810.GetItem',
          JSON.stringify({ TableName: name, Key: key, ConsistentRead: true }),
        );
        return [identifier(name, key), (JSON.parse(answer.body.toString()) as { Item?: Item }).Item];
      }),
    );
    return () => {
      const until = performance.now() + longestStaleMs;
      for (const [id, item] of noted) {
        this.#earlier.delete(id);
        this.#earlier.set(id, { item, until });
      }
      for (const id of this.#earlier.keys()) {
        if (this.#earlier.size <= mostRemembered) break;
        this.#earlier.delete(id);
      }
    };
  }

  afterRead(operation: string, input: Input, body: Buffer): Buffer {
    const table = this.#tables.get(String(input['TableName']));
    const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
    const isPlain = input['ProjectionExpression'] === undefined && input['FilterExpression'] === undefined;
    if (table === undefined || input['ConsistentRead'] === true || !isPlain) return body;
    if (operation !== 'GetItem' && operation !== 'Query') return body;
    if (this.#faults.staleRead?.(table.name, index, operation) !== true) return body;
    const answer = JSON.parse(body.toString()) as { Item?: Item; Items?: Item[]; Count?: number };
    if (operation === 'GetItem') {
      const { Item: _now, ...rest } = answer;
      const item = this.#earlierStateOf(table, (input['Key'] ?? {}) as Item, answer.Item);
      return Buffer.from(JSON.stringify(item === undefined ? rest : { ...rest, Item: item }));
    }
    const partitionKey = index === undefined ? undefined : table.indexPartitionKeys.get(index);
    const items = (answer.Items ?? []).flatMap((now) => {
      const item = this.#earlierStateOf(table, now, now);
      if (item === undefined) return [];
      if (partitionKey === undefined) return [item];
      // In the index, the earlier state has its own key.
      const isSame = JSON.stringify(item[partitionKey]) === JSON.stringify(now[partitionKey]);
      return isSame ? [Object.fromEntries(Object.entries(item).filter(([name]) => name in now))] : [];
    });
    return Buffer.from(JSON.stringify({ ...answer, Items: items, Count: items.length }));
  }

  #earlierStateOf(table: TableInformation, attributes: Item, now: Item | undefined): Item | undefined {
    const earlier = this.#earlier.get(identifier(table.name, keyOf(table, attributes)));
    return earlier !== undefined && performance.now() < earlier.until ? earlier.item : now;
  }
}

function keyOf(table: TableInformation, attributes: Item): Item {
  const names = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])];
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? {}]));
}

function identifier(table: string, key: Item): string {
  return JSON.stringify([table, key]);
}

interface Write {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
}

function writtenItems(operation: string, input: Input): [string, Item][] {
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [itemOf(input)];
    case 'TransactWriteItems':
      return (input['TransactItems'] as Readonly<Record<string, Write>>[]).flatMap((item) =>
        Object.entries(item).flatMap(([kind, write]) => (kind === 'ConditionCheck' ? [] : [itemOf(write)])),
      );
    case 'BatchWriteItem':
      return Object.entries(
        input['RequestItems'] as Readonly<Record<string, Readonly<Record<string, Write>>[]>>,
      ).flatMap(([table, writes]) =>
        writes.flatMap((write) => Object.values(write).map((entry) => itemOf({ ...entry, TableName: table }))),
      );
    default:
      return [];
  }
}

function itemOf(write: Write): [string, Item] {
  return [write.TableName ?? '', write.Item ?? write.Key ?? {}];
}
