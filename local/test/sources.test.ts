import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint, LocalPace, Resource } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { createRecorder } from '../recorder.ts';
import { startSources } from '../sources/start-sources.ts';
import type { Sources } from '../sources/start-sources.ts';
import { queueUrl, streamLabel } from '../template/attributes.ts';
import { accountId, assemblyOf, functionArn, region, resource } from './assembly-of.ts';
import { functionDefinition } from './function-definitions.ts';
import { inProcessHost } from './in-process-host.ts';
import type { TestFunction } from './in-process-host.ts';

const directories: string[] = [];
const running: { aws: AwsEndpoint; sources: Sources }[] = [];

afterEach(async () => {
  for (const { sources, aws } of running.splice(0)) {
    await sources.stop();
    await aws.stop();
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sources-'));
  directories.push(directory);
  return directory;
}

const tableArn = `arn:aws:dynamodb:${region}:${accountId}:table/records`;
const streamArn = `${tableArn}/stream/${streamLabel}`;
const queueArn = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
const roleArn = `arn:aws:iam::${accountId}:role/consumer`;

const table = resource(
  'records',
  'AWS::DynamoDB::Table',
  {
    TableName: 'records',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
  tableArn,
);

function queue(name: string, properties: object = {}): Resource {
  const base = resource(name, 'AWS::SQS::Queue', { QueueName: name, ...properties }, queueArn(name));
  return { ...base, physicalId: queueUrl(region, accountId, name) };
}

function role(allowed: readonly string[]): Resource {
  return resource(
    'consumer',
    'AWS::IAM::Role',
    {
      Policies: [
        {
          PolicyName: 'inline',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: allowed, Resource: '*' }] },
        },
      ],
    },
    roleArn,
  );
}

interface Setup {
  readonly consumer: TestFunction;
  readonly source: 'stream' | 'queue';
  readonly mapping?: object;
  readonly queueProperties?: object;
  readonly dataDirectory?: string;
  readonly pace?: LocalPace;
  readonly faults?: FaultPlan;
}

async function startConsumer(setup: Setup) {
  const dataDirectory = setup.dataDirectory ?? newDirectory();
  const assembly = assemblyOf([
    table,
    queue('work', setup.queueProperties),
    queue('dead'),
    role(['dynamodb:*', 'sqs:*']),
    resource(
      'consumer',
      'AWS::Lambda::Function',
      { Role: roleArn, Runtime: 'nodejs24.x', Handler: 'x.handler' },
      functionArn('consumer'),
    ),
    resource('mapping', 'AWS::Lambda::EventSourceMapping', {
      EventSourceArn: setup.source === 'stream' ? streamArn : queueArn('work'),
      FunctionName: 'consumer',
      StartingPosition: 'TRIM_HORIZON',
      ...setup.mapping,
    }),
  ]);
  const aws = await startAwsEndpoint({ assembly, dataDirectory, recorder: createRecorder() });
  const definitions = [functionDefinition('x.handler', { name: 'consumer', roleArn })];
  const host = { ...inProcessHost({ consumer: setup.consumer }), definitions };
  const log: string[] = [];
  const sources = startSources({
    assembly,
    aws,
    host,
    dataDirectory,
    deliver: async (_functionName, destinationArn, body) => {
      await aws.call('sqs', 'SendMessage', {
        QueueUrl: queueUrl(region, accountId, destinationArn.split(':').at(-1) ?? ''),
        MessageBody: JSON.stringify(body),
      });
    },
    log: (line) => void log.push(line),
    pace: { streamDelayMs: 1, queueRetryAfterMs: 10, ...setup.pace },
    ...(setup.faults === undefined ? {} : { faults: setup.faults }),
  });
  const started = { aws, sources };
  running.push(started);
  return {
    aws,
    sources,
    host,
    log,
    dataDirectory,
    put: (pk: string, more: object = {}) =>
      aws.call('dynamodb', 'PutItem', { TableName: 'records', Item: { pk: { S: pk }, ...more } }),
    putTogether: (keys: readonly string[]) =>
      aws.call('dynamodb', 'TransactWriteItems', {
        TransactItems: keys.map((pk) => ({ Put: { TableName: 'records', Item: { pk: { S: pk } } } })),
      }),
    send: (body: string) =>
      aws.call('sqs', 'SendMessage', { QueueUrl: queueUrl(region, accountId, 'work'), MessageBody: body }),
    receive: async (name: string) => {
      const answer = await aws.call('sqs', 'ReceiveMessage', {
        QueueUrl: queueUrl(region, accountId, name),
        MaxNumberOfMessages: 10,
      });
      return ((answer['Messages'] ?? []) as { Body: string }[]).map(({ Body }) => Body);
    },
    stop: async () => {
      running.splice(running.indexOf(started), 1);
      await sources.stop();
      await aws.stop();
    },
  };
}

interface StreamEvent {
  readonly Records: {
    readonly eventName: string;
    readonly eventSourceARN: string;
    readonly dynamodb: {
      readonly Keys: { readonly pk: { readonly S: string } };
      readonly NewImage?: { readonly turn?: { readonly N: string } };
      readonly SequenceNumber: string;
    };
  }[];
}
const keysOf = (event: StreamEvent): string[] => event.Records.map(({ dynamodb }) => dynamodb.Keys.pk.S);

describe('a stream consumer', () => {
  it('receives each change once and in order, with the stream’s ARN', async () => {
    const seen: string[] = [];
    const consumer = (event: StreamEvent) => {
      expect(event.Records[0]?.eventSourceARN).toBe(streamArn);
      seen.push(...keysOf(event));
    };
    const { put, sources } = await startConsumer({ source: 'stream', consumer, mapping: { BatchSize: 3 } });
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    for (const key of keys) await put(key);
    await sources.drained();
    expect(seen).toEqual(keys);
  });

  it('receives the records of one polling interval in one batch, even while more are written', async () => {
    const streamDelayMs = 200;
    const batches: string[][] = [];
    const { put, sources } = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => void batches.push(keysOf(event)),
      pace: { streamDelayMs },
    });
    const startedAt = performance.now();
    const keys: string[] = [];
    while (performance.now() - startedAt < 5 * streamDelayMs) {
      keys.push(`key-${keys.length}`);
      await put(`key-${keys.length - 1}`);
    }
    const intervals = (performance.now() - startedAt) / streamDelayMs;
    await sources.drained();
    expect(batches.flat()).toEqual(keys);
    const largest = Math.max(...batches.map(({ length }) => length));
    expect(batches.filter(({ length }) => length < largest).length).toBeLessThanOrEqual(Math.ceil(intervals) + 3);
  });

  it('receives the additional batches of a fault plan, besides its own', async () => {
    const batches: string[][] = [];
    const kinds = [undefined, 'copy', 'reordered', 'earlier'] as const;
    let asked = 0;
    const { putTogether, sources } = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => void batches.push(keysOf(event)),
      faults: { additionalBatch: () => kinds[asked++] },
    });
    for (const keys of [['a'], ['b'], ['c', 'd', 'e'], ['f']]) {
      await putTogether(keys);
      await sources.drained();
    }
    expect(batches).toEqual([['a'], ['b'], ['b'], ['e', 'd', 'c'], ['c', 'd', 'e'], ['a'], ['f']]);
  });

  it('receives batches of several keys concurrently, each key in order, with a parallelization factor', async () => {
    const seen: string[] = [];
    let inside = 0;
    let most = 0;
    const together = Promise.withResolvers<void>();
    const { aws, putTogether, sources } = await startConsumer({
      source: 'stream',
      consumer: async (event: StreamEvent) => {
        inside += 1;
        most = Math.max(most, inside);
        if (inside === 4) together.resolve();
        await together.promise;
        seen.push(...event.Records.map(({ dynamodb }) => `${dynamodb.Keys.pk.S} ${dynamodb.NewImage?.turn?.N ?? 0}`));
        inside -= 1;
      },
      mapping: { BatchSize: 1, ParallelizationFactor: 4 },
    });
    const keys = Array.from({ length: 16 }, (_, index) => `key-${index}`);
    await putTogether(keys);
    for (const turn of [1, 2]) {
      for (const pk of keys) {
        await aws.call('dynamodb', 'PutItem', {
          TableName: 'records',
          Item: { pk: { S: pk }, turn: { N: String(turn) } },
        });
      }
    }
    await sources.drained();
    expect(most).toBe(4);
    expect(seen).toHaveLength(48);
    for (const key of keys) {
      expect(seen.filter((entry) => entry.startsWith(`${key} `))).toEqual([`${key} 0`, `${key} 1`, `${key} 2`]);
    }
  });

  it('receives all unfinished records again after a restart, even if records of other keys were finished', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
    const first: string[] = [];
    const othersDone = Promise.withResolvers<void>();
    const mapping = { BatchSize: 1, ParallelizationFactor: 10 };
    const { putTogether, dataDirectory, stop } = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => {
        const [key = ''] = keysOf(event);
        if (key === 'key-0') throw new Error('never');
        first.push(key);
        if (first.length >= 4) othersDone.resolve();
      },
      mapping,
    });
    await putTogether(keys);
    await othersDone.promise;
    await stop();
    const second: string[] = [];
    const again = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => void second.push(...keysOf(event)),
      mapping,
      dataDirectory,
    });
    await again.sources.drained();
    expect(second).toContain('key-0');
    expect(new Set([...first, ...second])).toEqual(new Set(keys));
  });

  it('receives the records that match its filter', async () => {
    const seen: string[] = [];
    const Pattern = JSON.stringify({ eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'want' }] } } } });
    const { put, sources } = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => void seen.push(...keysOf(event)),
      mapping: { FilterCriteria: { Filters: [{ Pattern }] } },
    });
    await put('wanted');
    await put('unwanted');
    await put('wanted', { changed: { BOOL: true } });
    await sources.drained();
    expect(seen).toEqual(['wanted']);
  });

  it('continues after a restart, and receives everything that was written meanwhile', async () => {
    const seen: string[] = [];
    const consumer = (event: StreamEvent) => void seen.push(...keysOf(event));
    const first = await startConsumer({ source: 'stream', consumer });
    await first.put('before');
    await first.sources.drained();
    await first.sources.stop();
    await first.put('meanwhile');
    await first.stop();
    const second = await startConsumer({ source: 'stream', consumer, dataDirectory: first.dataDirectory });
    await second.put('after');
    await second.sources.drained();
    expect(seen).toEqual(['before', 'meanwhile', 'after']);
  });

  it('skips older records at its first start if its mapping begins at the latest record', async () => {
    const seen: string[] = [];
    const consumer = (event: StreamEvent) => void seen.push(...keysOf(event));
    const disabled = await startConsumer({ source: 'stream', consumer, mapping: { Enabled: false } });
    await disabled.put('old');
    await disabled.stop();
    const { dataDirectory } = disabled;
    const mapping = { StartingPosition: 'LATEST' };
    const first = await startConsumer({ source: 'stream', consumer, dataDirectory, mapping });
    await first.sources.drained();
    await first.stop();
    const second = await startConsumer({ source: 'stream', consumer, dataDirectory, mapping });
    await second.put('new');
    await second.sources.drained();
    expect(seen).toEqual(['new']);
  });

  it('retries a failed batch until it succeeds, before later records', async () => {
    const batches: string[][] = [];
    let failures = 2;
    const { put, sources } = await startConsumer({
      source: 'stream',
      consumer: (event: StreamEvent) => {
        batches.push(keysOf(event));
        if (failures-- > 0) throw new Error('not yet');
      },
      mapping: { BatchSize: 1 },
    });
    await put('first');
    await put('second');
    await sources.drained();
    expect(batches).toEqual([['first'], ['first'], ['first'], ['second']]);
  });

  it('receives the reported records and those after them again', async () => {
    const batches: string[][] = [];
    const { put, sources, stop, dataDirectory } = await startConsumer({
      source: 'stream',
      consumer: () => undefined,
      mapping: { Enabled: false },
    });
    for (const key of ['a', 'b', 'c', 'd']) await put(key);
    await sources.drained();
    await stop();
    let first = true;
    const restarted = await startConsumer({
      source: 'stream',
      dataDirectory,
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
      consumer: (event: StreamEvent) => {
        batches.push(keysOf(event));
        const failed = first ? event.Records.slice(2, 3) : [];
        first = false;
        return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
      },
    });
    await restarted.sources.drained();
    expect(batches).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
  });

  it('bisects a failing batch down to the failing record, and sends that to the failure destination', async () => {
    const done: string[] = [];
    const disabled = await startConsumer({ source: 'stream', consumer: () => undefined, mapping: { Enabled: false } });
    for (const key of ['a', 'b', 'poison', 'c']) await disabled.put(key);
    await disabled.stop();
    const { sources, receive } = await startConsumer({
      source: 'stream',
      dataDirectory: disabled.dataDirectory,
      mapping: {
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: queueArn('dead') } },
      },
      consumer: (event: StreamEvent) => {
        if (keysOf(event).includes('poison')) throw new Error('poison');
        done.push(...keysOf(event));
      },
    });
    await sources.drained();
    expect(done).toEqual(['a', 'b', 'c']);
    const [parked = ''] = await receive('dead');
    expect(JSON.parse(parked)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', functionArn: functionArn('consumer') },
      DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: '3', endSequenceNumber: '3', streamArn },
    });
  });

  it('discards records that are too old', async () => {
    const seen: string[] = [];
    const disabled = await startConsumer({ source: 'stream', consumer: () => undefined, mapping: { Enabled: false } });
    await disabled.put('old');
    await disabled.stop();
    const { sources, receive } = await startConsumer({
      source: 'stream',
      dataDirectory: disabled.dataDirectory,
      mapping: {
        MaximumRecordAgeInSeconds: 0,
        DestinationConfig: { OnFailure: { Destination: queueArn('dead') } },
      },
      consumer: (event: StreamEvent) => void seen.push(...keysOf(event)),
    });
    await sources.drained();
    expect(seen).toEqual([]);
    expect(JSON.parse((await receive('dead'))[0] ?? '{}')).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded' },
    });
  });
});

interface QueueEvent {
  readonly Records: {
    readonly body: string;
    readonly messageId: string;
    readonly attributes: Record<string, string>;
    readonly eventSource: string;
    readonly eventSourceARN: string;
    readonly awsRegion: string;
  }[];
}
const bodiesOf = (event: QueueEvent): string[] => event.Records.map(({ body }) => body);

describe('a queue consumer', () => {
  it('receives messages, which are then deleted', async () => {
    const events: QueueEvent[] = [];
    const { send, sources, receive } = await startConsumer({
      source: 'queue',
      consumer: (event: QueueEvent) => void events.push(event),
    });
    for (const body of ['1', '2', '3']) await send(body);
    await sources.drained();
    expect(events.flatMap(bodiesOf).sort()).toEqual(['1', '2', '3']);
    expect(events[0]?.Records[0]).toMatchObject({
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn('work'),
      awsRegion: region,
      attributes: { ApproximateReceiveCount: '1' },
    });
    expect(await receive('work')).toEqual([]);
  });

  it('receives the additional batches of a fault plan', async () => {
    const batches: string[][] = [];
    const { send, sources, receive } = await startConsumer({
      source: 'queue',
      consumer: (event: QueueEvent) => void batches.push(bodiesOf(event)),
      faults: { additionalBatch: () => 'copy' },
    });
    await send('1');
    await sources.drained();
    expect(batches).toEqual([['1'], ['1']]);
    expect(await receive('work')).toEqual([]);
  });

  it('receives a failed message again until the queue moves it to the dead-letter queue', async () => {
    let attempts = 0;
    const { send, sources, receive } = await startConsumer({
      source: 'queue',
      consumer: () => {
        attempts += 1;
        throw new Error('always');
      },
      queueProperties: {
        RedrivePolicy: { deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 3 },
        VisibilityTimeout: 60,
      },
    });
    await send('poison');
    await sources.drained();
    expect(attempts).toBe(3);
    expect(await receive('dead')).toEqual(['poison']);
  });

  it('receives only the reported messages again', async () => {
    const batches: string[][] = [];
    const again = Promise.withResolvers<void>();
    const { send, stop, dataDirectory } = await startConsumer({
      source: 'queue',
      consumer: () => undefined,
      mapping: { Enabled: false },
    });
    for (const body of ['good', 'bad']) await send(body);
    await stop();
    const restarted = await startConsumer({
      source: 'queue',
      dataDirectory,
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
      consumer: (event: QueueEvent) => {
        batches.push(bodiesOf(event).sort());
        if (batches.length > 1) again.resolve();
        const failed = event.Records.filter(({ body }) => body === 'bad' && batches.length === 1);
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
    });
    await again.promise;
    await restarted.sources.drained();
    expect(batches).toEqual([['bad', 'good'], ['bad']]);
  });

  it.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'unknown' }] }],
  ])('receives its whole batch again for an answer that names no message of it: %o', async (answer) => {
    let attempts = 0;
    const again = Promise.withResolvers<void>();
    const { send } = await startConsumer({
      source: 'queue',
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
      consumer: () => {
        attempts += 1;
        if (attempts === 2) again.resolve();
        return attempts === 1 ? answer : {};
      },
    });
    await send('x');
    await again.promise;
    expect(attempts).toBe(2);
  });

  it('never receives messages that its filter excludes, which are deleted', async () => {
    const seen: string[] = [];
    const { send, sources, receive } = await startConsumer({
      source: 'queue',
      consumer: (event: QueueEvent) => void seen.push(...bodiesOf(event)),
      mapping: { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ['wanted'] } }) }] } },
    });
    await send('{"kind":"wanted"}');
    await send('{"kind":"unwanted"}');
    await sources.drained();
    expect(seen).toEqual(['{"kind":"wanted"}']);
    expect(await receive('work')).toEqual([]);
  });

  it('processes several batches at once, up to its concurrency', async () => {
    let inside = 0;
    let most = 0;
    const two = Promise.withResolvers<void>();
    const { send, sources } = await startConsumer({
      source: 'queue',
      mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
      consumer: async () => {
        inside += 1;
        most = Math.max(most, inside);
        if (inside === 2) two.resolve();
        await two.promise;
        inside -= 1;
      },
    });
    for (const body of ['1', '2', '3', '4']) await send(body);
    await sources.drained();
    expect(most).toBe(2);
  });
});
