import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../local/fault-plan.ts';
import { hasTimer, readDue, type TimerSubject } from '../../../shared/core/timers/timer.ts';
import { unitOfWork } from '../../../shared/core/table/unit-of-work.ts';
import { serveTimers } from '../../../shared/transport/timers.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { type StoredItem, Tables } from '../system/tables.ts';

let test: TestRun;
let tables: Tables;
let fault: ((operation: string) => Fault | undefined) | undefined;

beforeAll(async () => {
  test = await startTestRun({
    pace: { queueRetryAfterMs: 10 },
    faults: {
      onCall: ({ functionName, operation }) => (/projector$/.test(functionName) ? fault?.(operation) : undefined),
    },
  });
  tables = new Tables(test.run);
});
afterAll(() => test.stop());

afterEach(async () => {
  fault = undefined;
  test.run.timers.advance(48 * hour);
  await test.run.settled();
  await deadLetters();
});

const minute = 60_000;
const hour = 60 * minute;
const now = () => Date.now() + test.run.timers.clockOffsetMs;

/** An item that no subject of timers matches. */
interface Item extends StoredItem {
  readonly tenantId: string;
}

async function put(wakeAt: number | undefined, item: Item = newItem()): Promise<Item> {
  const { pk, sk } = item;
  await tables.put({ pk, sk, ...(wakeAt === undefined ? {} : { wakeAt }), version: ulid() });
  await test.run.settled();
  return item;
}

function newItem(): Item {
  const tenantId = ulid();
  return { tenantId, pk: `T#${tenantId}#SAMPLE#1`, sk: 'ITEM' };
}

function pendingOf({ tenantId }: Item) {
  return test.run.timers.pending().filter(({ body }) => body.includes(tenantId));
}

/** Wake-ups without a subject. */
async function deadLetters(): Promise<readonly object[]> {
  const { aws, assembly } = test.run;
  const queues = new SQSClient({ endpoint: aws.url, region: assembly.region, credentials: aws.ownerCredentials });
  const QueueUrl = assembly
    .ofType('AWS::SQS::Queue')
    .find(({ physicalId }) => physicalId.endsWith('-run-timers-dead'))?.physicalId;
  const letters: object[] = [];
  for (;;) {
    const { Messages: messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (messages.length === 0) return letters;
    letters.push(...messages.map(({ Body }) => JSON.parse(Body ?? '') as object));
  }
}

describe('the timer of an item', () => {
  it('waits in the queue if it is due within 15 minutes, and wakes the item up when it is due', async () => {
    const wakeAt = now() + 5 * minute;
    const item = await put(wakeAt);
    expect(pendingOf(item)).toMatchObject([{ kind: 'message', name: 'switchboard-dev-run-timers' }]);
    const dueAt = pendingOf(item)[0]?.dueAt ?? 0;
    expect(dueAt).toBeGreaterThanOrEqual(wakeAt);
    expect(dueAt - wakeAt).toBeLessThan(5000);
    test.run.timers.advance(4 * minute);
    await test.run.settled();
    expect(await deadLetters()).toEqual([]);
    test.run.timers.advance(2 * minute);
    await test.run.settled();
    expect(await deadLetters()).toEqual([{ tenantId: item.tenantId, pk: 'SAMPLE#1', sk: 'ITEM', wakeAt }]);
  });

  it('is a schedule if it is due later, and the schedule wakes the item up', async () => {
    const wakeAt = now() + 3 * hour;
    const item = await put(wakeAt);
    expect(pendingOf(item)).toMatchObject([{ kind: 'schedule' }]);
    test.run.timers.advance(3 * hour - minute);
    await test.run.settled();
    expect(await deadLetters()).toEqual([]);
    test.run.timers.advance(minute + 1000);
    await test.run.settled();
    expect(await deadLetters()).toMatchObject([{ tenantId: item.tenantId, wakeAt }]);
    expect(pendingOf(item)).toEqual([]);
  });

  it('wakes the item up at once if it is already due', async () => {
    const item = await put(now() - minute);
    expect(await deadLetters()).toMatchObject([{ tenantId: item.tenantId }]);
  });

  it('leads to a wake-up for each new value, and to none for another change of the item', async () => {
    const item = await put(now() + hour);
    await put(now() + 2 * hour, item);
    const replaced = pendingOf(item);
    expect(replaced).toHaveLength(2);
    await put((JSON.parse(replaced[1]?.body ?? '') as { wakeAt: number }).wakeAt, item);
    await put(undefined, item);
    expect(pendingOf(item)).toHaveLength(2);
  });

  it('is set once when the projector receives the change again', async () => {
    let crashes = 0;
    fault = (operation) =>
      operation === 'CreateSchedule' && (crashes += 1) === 1 ? { kind: 'kill-after' } : undefined;
    const item = await put(now() + hour);
    expect(crashes).toBeGreaterThan(1);
    expect(pendingOf(item)).toHaveLength(1);
  });

  it.each([
    ['SendMessageBatch', 5 * minute],
    ['CreateSchedule', hour],
  ])('is set after failures of %s', async (failing, wait) => {
    let failures = 0;
    fault = (operation) => {
      if (operation !== failing || failures === 4) return undefined;
      failures += 1;
      return { kind: 'throttle' };
    };
    const item = await put(now() + wait);
    expect(failures).toBe(4);
    expect(pendingOf(item)).toHaveLength(1);
  });

  it('is set when the queue accepts only some of the messages of a batch', async () => {
    let failures = 0;
    fault = (operation) => {
      if (operation !== 'SendMessageBatch' || failures === 1) return undefined;
      failures += 1;
      return { kind: 'partial-failure' };
    };
    const items = Array.from({ length: 6 }, newItem);
    await Promise.all(items.map((item) => put(now() + 5 * minute, item)));
    expect(failures).toBe(1);
    for (const item of items) expect(pendingOf(item).length).toBeGreaterThanOrEqual(1);
  });
});

describe('a wake-up that arrives early', () => {
  it('returns to the queue for the rest of its delay', async () => {
    const { aws, assembly } = test.run;
    const queue = assembly.ofType('AWS::SQS::Queue').find(({ physicalId }) => physicalId.endsWith('-run-timers'));
    const { tenantId } = newItem();
    const wakeUp = { tenantId, pk: 'SAMPLE#1', sk: 'ITEM', wakeAt: now() + 5 * minute };
    await aws.call('sqs', 'SendMessage', { QueueUrl: queue?.physicalId, MessageBody: JSON.stringify(wakeUp) });
    await test.run.settled();
    const [pending, ...others] = test.run.timers.pending().filter(({ body }) => body.includes(tenantId));
    expect(others).toEqual([]);
    expect(Math.abs((pending?.dueAt ?? 0) - wakeUp.wakeAt)).toBeLessThan(5000);
    expect(await deadLetters()).toEqual([]);
  });
});

describe('a subject of timers', () => {
  const counting: TimerSubject = {
    name: 'counting',
    matches: ({ pk }) => pk.startsWith('SAMPLE#'),
    wake: async (scope, key, at) => {
      const item = await readDue(scope, key, at);
      if (item === undefined) return;
      const change = { expression: 'ADD #effects :one REMOVE #wakeAt', values: { one: 1 } };
      await unitOfWork(scope).update('timer', key, change, hasTimer(item.wakeAt)).commit();
    },
  };
  const failing: TimerSubject = {
    name: 'failing',
    matches: ({ pk }) => pk.startsWith('FAILURE#'),
    wake: () => Promise.reject(new Error('The effect failed')),
  };

  beforeAll(() => {
    const { aws, functions } = test.run;
    const { accessKeyId, secretAccessKey } = aws.ownerCredentials;
    const definition = functions.definitions.find(({ name }) => name === 'switchboard-dev-stream-projector');
    Object.assign(process.env, definition?.environment, aws.environment, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
  });

  /** @returns the ids of failed messages, which are the positions of their wake-ups. */
  async function run(...wakeUps: readonly object[]): Promise<readonly string[]> {
    const Records = wakeUps.map((wakeUp, index) => ({
      messageId: String(index),
      receiptHandle: ulid(),
      attributes: { ApproximateReceiveCount: '1' },
      body: JSON.stringify(wakeUp),
    }));
    const { batchItemFailures } = await serveTimers([counting, failing])(
      { Records } as unknown as SQSEvent,
      {} as Context,
    );
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  const wakeUpOf = ({ tenantId }: Item, wakeAt: number) => ({ tenantId, pk: 'SAMPLE#1', sk: 'ITEM', wakeAt });
  const effectsOn = async ({ pk, sk }: Item) => (await tables.get(pk, sk))?.['effects'];

  it('acts once, however often and concurrently it is woken up', async () => {
    const wakeAt = Date.now() - 1;
    const item = await put(wakeAt);
    const wakeUps = Array.from({ length: 10 }, () => wakeUpOf(item, wakeAt));
    expect(await run(...wakeUps)).toEqual([]);
    expect(await run(...wakeUps)).toEqual([]);
    expect(await effectsOn(item)).toBe(1);
  });

  it('ignores wake-ups of timers that were replaced or cancelled, and of items that are gone', async () => {
    const wakeAt = Date.now() - 1;
    const items = [await put(wakeAt + 10 * minute), await put(undefined), newItem()];
    expect(await run(...items.map((item) => wakeUpOf(item, wakeAt)))).toEqual([]);
    expect(await Promise.all(items.map(effectsOn))).toEqual([undefined, undefined, undefined]);
  });

  it('returns only failed wake-ups, unreadable ones and those without a subject to the queue', async () => {
    const wakeAt = Date.now() - 1;
    const item = await put(wakeAt);
    const good = wakeUpOf(item, wakeAt);
    const failures = await run(
      { ...good, pk: 'FAILURE#1' },
      good,
      { ...good, pk: 'OTHER#1' },
      { ...good, tenantId: 7 },
    );
    expect(failures).toEqual(['0', '2', '3']);
    expect(await effectsOn(item)).toBe(1);
  });
});
