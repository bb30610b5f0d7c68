import type { Assembly, Service, ServiceRequest, ServiceResponse } from '../../contract.ts';
import type { FaultPlan } from '../../fault-plan.ts';
import { streamLabel } from '../../template/attributes.ts';
import { askForCapacity, isMetered, readCapacity, takeCapacity, unitsOfFailedCondition } from './capacity.ts';
import type { EngineAnswer, EngineClient } from './engine-client.ts';
import { startEngine } from './engine-process.ts';
import { engineClient } from './engine-client.ts';
import { deployTables, tablesOf } from './tables.ts';
import type { TableInformation } from './tables.ts';
import { startExpiry } from './expiry.ts';
import type { Expiry } from './expiry.ts';
import { processPartly } from './partial-batches.ts';
import { StaleReads } from './stale-reads.ts';

export interface DynamoDb {
  readonly service: Service;
  readonly tables: readonly TableInformation[];
  /** Resolves with the number of deletions. */
  sweepExpired(): Promise<number>;
  stop(): Promise<void>;
}

const writes = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
]);

/** Updates the engine's tables to the template. */
export async function startDynamoDb(options: {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly endpoint: string | undefined;
  readonly wrote: (table: string) => void;
  readonly faults: FaultPlan;
}): Promise<DynamoDb> {
  const { assembly, dataDirectory, wrote } = options;
  const engine = await startEngine(dataDirectory, options.endpoint);
  const client = engineClient(engine.host, engine.port);
  try {
    await deployTables(assembly, client);
  } catch (cause) {
    client.stop();
    await engine.stop();
    throw cause;
  }
  const tables = tablesOf(assembly);
  const expiry = startExpiry({ tables, client, dataDirectory, wrote });
  const names = new StreamNames(assembly);
  const { faults } = options;
  const stale = faults.staleRead === undefined ? undefined : new StaleReads(faults, tables, client);
  return {
    tables,
    service: async (request) => {
      const { operation, input } = request;
      if (isMetered(operation)) return metered(request, { client, tables, wrote, stale });
      const answer = await client.post(targetOf(request), await names.toEngine(request.body, client));
      if (answer.status === 200 && writes.has(operation)) announce(input, tables, wrote);
      return respond({ ...answer, body: names.fromEngine(answer.body, operation, expiry) });
    },
    sweepExpired: () => expiry.sweep(),
    stop: async () => {
      expiry.stop();
      client.stop();
      await engine.stop();
    },
  };
}

async function metered(
  request: ServiceRequest,
  {
    client,
    tables,
    wrote,
    stale,
  }: {
    readonly client: EngineClient;
    readonly tables: readonly TableInformation[];
    readonly wrote: (table: string) => void;
    readonly stale: StaleReads | undefined;
  },
): Promise<ServiceResponse> {
  const { operation } = request;
  const { input, body: given, complete } = processPartly(request);
  const asked = input['ReturnConsumedCapacity'];
  const isWrite = writes.has(operation);
  const written = isWrite ? await stale?.beforeWrite(operation, input) : undefined;
  // A request with the setting NONE keeps it.
  const answer = await client.post(targetOf(request), asked === undefined ? askForCapacity(given) : given);
  if (answer.status !== 200) {
    const items = input['TransactItems'];
    const units = unitsOfFailedCondition(operation, answer.body, Array.isArray(items) ? items.length : 0);
    return { ...respond(answer), ...units };
  }
  if (isWrite) {
    written?.();
    announce(input, tables, wrote);
  }
  const wantsCapacity = asked === 'TOTAL' || asked === 'INDEXES';
  const { body, units } = wantsCapacity
    ? { body: answer.body, units: readCapacity(operation, answer.body) }
    : takeCapacity(operation, answer.body);
  const seen = isWrite || stale === undefined ? body : stale.afterRead(operation, input, body);
  return { ...respond({ status: 200, body: complete(seen) }), ...units };
}

function targetOf(request: ServiceRequest): string {
  return request.headers['x-amz-target'] ?? `DynamoDB_20120810.${request.operation}`;
}

const headers = { 'content-type': 'application/x-amz-json-1.0' };

function respond(answer: EngineAnswer): ServiceResponse {
  return { status: answer.status, headers, body: answer.body };
}

function announce(
  input: Readonly<Record<string, unknown>>,
  tables: readonly TableInformation[],
  wrote: (table: string) => void,
): void {
  for (const table of tablesNamed(input, tables)) wrote(table);
}

function tablesNamed(input: Readonly<Record<string, unknown>>, tables: readonly TableInformation[]): Iterable<string> {
  if (typeof input['TableName'] === 'string') return [tableName(input['TableName'])];
  if (Array.isArray(input['TransactItems'])) {
    const items = input['TransactItems'] as Readonly<Record<string, { readonly TableName?: string }>>[];
    return new Set(items.flatMap((item) => Object.values(item).map((action) => tableName(action.TableName ?? ''))));
  }
  if (input['RequestItems'] !== undefined) return Object.keys(input['RequestItems'] as object).map(tableName);
  // PartiQL names its table in the statement, so all pollers wake.
  return tables.map((table) => table.name);
}

function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.lastIndexOf('table/') + 'table/'.length) : nameOrArn;
}

/** The engine has its own region and stream labels. */
class StreamNames {
  readonly #region: string;
  /** By table. */
  readonly #labels = new Map<string, string>();

  constructor(assembly: Assembly) {
    this.#region = assembly.region;
  }

  async toEngine(body: Buffer, client: EngineClient): Promise<Buffer> {
    const text = body.toString();
    if (!text.includes('arn:aws:dynamodb:')) return body;
    let result = text.replaceAll(`arn:aws:dynamodb:${this.#region}:`, 'arn:aws:dynamodb:dynoxide:');
    const table = /table\/([^/"]+)\/stream\//.exec(result)?.[1];
    if (table !== undefined) result = result.replaceAll(streamLabel, await this.#label(table, client));
    return Buffer.from(result);
  }

  fromEngine(body: Buffer, operation: string, expiry: Expiry): Buffer {
    let text = body.toString();
    if (operation === 'GetRecords') {
      text = expiry.nameService(text).replaceAll('"awsRegion":"dynoxide"', `"awsRegion":"${this.#region}"`);
      return Buffer.from(text);
    }
    text = text
      .replaceAll('arn:aws:dynamodb:dynoxide:', `arn:aws:dynamodb:${this.#region}:`)
      .replaceAll(/(:table\/[^/"]+\/stream\/)[0-9.]+"/g, `$1${streamLabel}"`);
    if (operation === 'ListStreams' || operation === 'DescribeStream' || operation === 'DescribeTable') {
      text = text.replaceAll(/("(?:StreamLabel|LatestStreamLabel)":)"[0-9.]+"/g, `$1"${streamLabel}"`);
    }
    return Buffer.from(text);
  }

  async #label(table: string, client: EngineClient): Promise<string> {
    const cached = this.#labels.get(table);
    if (cached !== undefined) return cached;
    const answer = await client.post('DynamoDB_20120810.DescribeTable', JSON.stringify({ TableName: table }));
    const { Table: described } = JSON.parse(answer.body.toString()) as { Table?: { LatestStreamLabel?: string } };
    const label = described?.LatestStreamLabel ?? streamLabel;
    this.#labels.set(table, label);
    return label;
  }
}
