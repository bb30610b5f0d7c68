import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineClient } from './engine-client.ts';
import type { TableInformation } from './tables.ts';
import { textOf } from '../../text-of.ts';

export interface Expiry {
  sweep(): Promise<number>;
  /** Marks the sweep's deletions, as AWS does. */
  nameService(records: string): string;
  stop(): void;
}

type AttributeMap = Record<string, Record<string, unknown>>;

/** AWS deletes expired items "within a few days". */
const sweepEveryMs = 5 * 60_000;
/** AWS keeps items that expired earlier. */
const fiveYearsInSeconds = 5 * 365 * 24 * 3600;
/** Stream records live for 24 hours. */
const mostRemembered = 50_000;

/**
 * Stream records of deletions name `dynamodb.amazonaws.com`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
export function startExpiry(options: {
  readonly tables: readonly TableInformation[];
  readonly client: EngineClient;
  readonly dataDirectory: string;
  readonly wrote: (table: string) => void;
}): Expiry {
  const { client, wrote } = options;
  const tables = options.tables.filter((table) => table.timeToLiveAttribute !== undefined);
  const deletions = new Deletions(join(options.dataDirectory, 'dynamodb-expired.jsonl'));
  let running: Promise<number> | undefined;

  const sweepAll = async (): Promise<number> => {
    let deleted = 0;
    for (const table of tables) deleted += await sweepTable(table, client, deletions, wrote);
    return deleted;
  };
  const sweep = (): Promise<number> => {
    running ??= sweepAll().finally(() => (running = undefined));
    return running;
  };
  // The next sweep tries again.
  const timer = setInterval(() => void sweep().catch(() => undefined), sweepEveryMs).unref();
  return {
    sweep,
    stop: () => clearInterval(timer),
    nameService: (records) => (deletions.isEmpty ? records : nameService(records, deletions)),
  };
}

async function sweepTable(
  table: TableInformation,
  client: EngineClient,
  deletions: Deletions,
  wrote: (table: string) => void,
): Promise<number> {
  const attribute = table.timeToLiveAttribute ?? '';
  const now = Math.floor(Date.now() / 1000);
  let deleted = 0;
  let from: unknown;
  do {
    const page = await send(client, 'Scan', {
      TableName: table.name,
      FilterExpression: '#t < :now AND #t > :oldest',
      ProjectionExpression: ['#t', '#p', ...(table.sortKey === undefined ? [] : ['#s'])].join(','),
      ExpressionAttributeNames: names(table),
      ExpressionAttributeValues: { ':now': { N: String(now) }, ':oldest': { N: String(now - fiveYearsInSeconds) } },
      Limit: 500,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    for (const item of (page['Items'] ?? []) as AttributeMap[]) {
      const expires = item[attribute];
      const { [attribute]: _expires, ...key } = item;
      if (attribute in keyNames(table)) continue;
      deletions.remember(table, item, String(expires?.['N']));
      const answer = await client.post(
        'DynamoDB_20120810.DeleteItem',
        JSON.stringify({
          TableName: table.name,
          Key: key,
          // The expiry may have changed.
          ConditionExpression: '#t = :expires',
          ExpressionAttributeNames: { '#t': attribute },
          ExpressionAttributeValues: { ':expires': expires },
        }),
      );
      if (answer.status === 200) deleted += 1;
    }
    from = page['LastEvaluatedKey'];
  } while (from !== undefined);
  if (deleted > 0) wrote(table.name);
  return deleted;
}

function names(table: TableInformation): Record<string, string> {
  return {
    '#t': table.timeToLiveAttribute ?? '',
    '#p': table.partitionKey,
    ...(table.sortKey === undefined ? {} : { '#s': table.sortKey }),
  };
}

function keyNames(table: TableInformation): Record<string, true> {
  return { [table.partitionKey]: true, ...(table.sortKey === undefined ? {} : { [table.sortKey]: true }) };
}

async function send(client: EngineClient, operation: string, input: object): Promise<Record<string, unknown>> {
  const answer = await client.post(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
  if (answer.status !== 200) throw new Error(`${operation} failed: ${answer.body.toString()}`);
  return JSON.parse(answer.body.toString()) as Record<string, unknown>;
}

interface StreamRecord {
  readonly eventName?: string;
  userIdentity?: unknown;
  readonly dynamodb?: { readonly OldImage?: AttributeMap };
}

function nameService(text: string, deletions: Deletions): string {
  if (!text.includes('"REMOVE"')) return text;
  const answer = JSON.parse(text) as { Records?: StreamRecord[] };
  let changed = false;
  for (const record of answer.Records ?? []) {
    const image = record.dynamodb?.OldImage;
    if (record.eventName !== 'REMOVE' || image === undefined || !deletions.holds(image)) continue;
    record.userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    changed = true;
  }
  return changed ? JSON.stringify(answer) : text;
}

/** On disk, because stream records outlive a restart. */
class Deletions {
  readonly #path: string;
  readonly #fingerprints: Set<string>;
  readonly #keyNames = new Map<string, readonly string[]>();

  constructor(path: string) {
    this.#path = path;
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    this.#fingerprints = new Set(lines.slice(-mostRemembered));
    if (lines.length > mostRemembered) writeFileSync(path, [...this.#fingerprints, ''].join('\n'), { mode: 0o600 });
    for (const line of this.#fingerprints) this.#learn(line);
  }

  get isEmpty(): boolean {
    return this.#fingerprints.size === 0;
  }

  /** Call before the deletion, so that no reader sees an unmarked record. */
  remember(table: TableInformation, item: AttributeMap, expires: string): void {
    const keys = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])];
    const line = JSON.stringify([table.timeToLiveAttribute, expires, keys, keys.map((key) => item[key])]);
    if (this.#fingerprints.has(line)) return;
    this.#fingerprints.add(line);
    this.#learn(line);
    appendFileSync(this.#path, `${line}\n`, { mode: 0o600 });
  }

  holds(image: AttributeMap): boolean {
    for (const [shape, keys] of this.#keyNames) {
      const [attribute] = JSON.parse(shape) as [string];
      const expires = image[attribute]?.['N'];
      if (expires === undefined) continue;
      if (this.#fingerprints.has(JSON.stringify([attribute, textOf(expires), keys, keys.map((key) => image[key])]))) {
        return true;
      }
    }
    return false;
  }

  #learn(line: string): void {
    const [attribute, , keys] = JSON.parse(line) as [string, string, string[]];
    this.#keyNames.set(JSON.stringify([attribute, ...keys]), keys);
  }
}
