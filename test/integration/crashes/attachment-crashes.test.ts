import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countedBytes, StoredObjects } from '../attachments/stored-objects.ts';
import { sized } from '../../faults/scale.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { castOf, conversationOf } from '../people.ts';
import { report } from '../system/report.ts';
import { Tables } from '../system/tables.ts';
import { sweptWithFiles } from './coverage.ts';
import { announceFile, type AttachmentWorld, completeFile, rejectFile, sweepFile } from './attachment-operations.ts';
import { sample } from './sample.ts';
import { type CrashOperation, sweep, type SweepResult } from './sweep.ts';
import { Trap } from './trap.ts';

const functionPrefix = 'switchboard-dev-';

let test: TestRun;
let world: AttachmentWorld;
const trap = new Trap(functionPrefix);
const results: (SweepResult & { readonly name: string })[] = [];

beforeAll(
  async () => {
    test = await startTestRun({ faults: trap.plan, pace: { queueRetryAfterMs: 20 } });
    const cast = await castOf(test, 'crashes');
    const conversation = await conversationOf(test, cast.alice, cast.bob);
    world = { test, tables: new Tables(test.run), objects: new StoredObjects(test), cast, conversation };
    await run(announceFile(world));
    await run(completeFile(world));
    await run(rejectFile(world));
    await run(sweepFile(world));
    await test.run.settled();
  },
  sized(5_400_000, 600_000),
);

afterAll(() => test.stop());

async function run<State>(operation: CrashOperation<State>): Promise<void> {
  const recycle = (name: string) => test.run.functions.recycle(functionPrefix + name);
  results.push({ ...(await sweep({ run: test.run, trap, recycle, operation, ...sample })), name: operation.name });
}

describe('after a crash, a lost reply or a refusal at any call of an operation on files', () => {
  it('there is one answer, one file, and nothing of what was refused', () => {
    for (const { name, calls, points, tried, failures, missed } of results) {
      report(`crash points of "${name}": ${tried} of ${points}`);
      expect(calls, name).toBeGreaterThan(3);
      expect(failures, name).toEqual([]);
      expect(missed, name).toEqual([]);
    }
    expect(results.map(({ name }) => name)).toEqual(sweptWithFiles);
  });

  it('the quotas hold what the files have', async () => {
    const files = (await world.tables.items()).filter(({ sk }) => sk === 'FILE');
    const counted = (some: typeof files) => some.reduce((sum, item) => sum + Number(item['counted']), 0);
    const ready = files.filter((item) => item['status'] === 'ready');
    const { tenantId, userId } = world.cast.alice;
    expect(await countedBytes(world.tables, tenantId, userId)).toEqual([counted(files), counted(ready)]);
  });
});
