import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sized } from '../../faults/scale.ts';
import { countedBytes } from '../attachments/stored-objects.ts';
import { sweepFile } from './consumer-sweeps.ts';
import { operationSweeps } from './operation-sweeps.ts';
import { SweepRun } from './sweep-run.ts';

const sweeps = [...operationSweeps.files, sweepFile];
let run: SweepRun;

beforeAll(
  async () => {
    run = await SweepRun.start();
    await run.inTurn(sweeps);
    await run.test.run.settled();
  },
  sized(5_400_000, 600_000),
);

afterAll(() => run.test.stop());

describe('after a crash, a lost reply or a rejection at any call of an operation on files', () => {
  it.each(sweeps.map(({ name }) => name))('%s keeps one answer and one file, and removes a rejected file', (name) => {
    run.expectSwept(name);
    expect(run.results.get(name)?.calls).toBeGreaterThan(3);
  });

  it('keeps the quotas equal to the sizes of the files', async () => {
    const files = (await run.world.tables.items()).filter(({ sk }) => sk === 'FILE');
    const counted = (some: typeof files) => some.reduce((sum, item) => sum + Number(item['counted']), 0);
    const ready = files.filter((item) => item['status'] === 'ready');
    const { tenantId, userId } = run.world.alice;
    expect(await countedBytes(run.world.tables, tenantId, userId)).toEqual([counted(files), counted(ready)]);
  });
});
