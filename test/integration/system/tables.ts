import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateScan,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { LocalRun } from '../../../local/contract.ts';

export type StoredItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** By key. Equal items have equal texts. */
export type TableDump = ReadonlyMap<string, string>;

/** Bypasses the functions' rights and the fault plan. */
export class Tables {
  readonly #client: DynamoDBDocumentClient;
  readonly #names: readonly string[];

  constructor(run: LocalRun) {
    this.#client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: run.aws.url,
        region: run.assembly.region,
        credentials: run.aws.ownerCredentials,
        maxAttempts: 1,
      }),
    );
    this.#names = ['TableName', 'KeysTableName'].map((name) => outputOf(run, name));
  }

  /** Includes the table of wrapped keys. */
  async items(): Promise<readonly StoredItem[]> {
    const found: StoredItem[] = [];
    for (const name of this.#names) found.push(...(await this.#scan(name)));
    return found;
  }

  async dump(keep: (item: StoredItem) => boolean = () => true): Promise<TableDump> {
    const items = (await this.items()).filter(keep);
    return new Map(items.map((item) => [`${item.pk} ${item.sk}`, textOf(item)]));
  }

  async get(pk: string, sk: string): Promise<StoredItem | undefined> {
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#names[0], Key: { pk, sk }, ConsistentRead: true }),
    );
    return item as StoredItem | undefined;
  }

  async set(pk: string, sk: string, attribute: string, value: unknown): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#names[0],
        Key: { pk, sk },
        UpdateExpression: 'SET #attribute = :value',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#attribute': attribute },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  }

  async put(item: StoredItem): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#names[0], Item: item }));
  }

  async delete(pk: string, sk: string): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#names[0], Key: { pk, sk } }));
  }

  async #scan(name: string): Promise<StoredItem[]> {
    const found: StoredItem[] = [];
    const pages = paginateScan({ client: this.#client }, { TableName: name, ConsistentRead: true });
    for await (const page of pages) found.push(...((page.Items ?? []) as StoredItem[]));
    return found;
  }
}

export function changesBetween(before: TableDump, after: TableDump): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).sort();
}

function outputOf(run: LocalRun, name: string): string {
  const value = Object.values(run.assembly.outputs).flatMap((stack) => (name in stack ? [stack[name]] : []))[0];
  if (value === undefined) throw new Error(`The stacks have no output ${name}`);
  return value;
}

/** Sorts members by name. Bytes become base64. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member instanceof Uint8Array) return Buffer.from(member).toString('base64');
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([first], [second]) => (first < second ? -1 : 1)));
  });
}
