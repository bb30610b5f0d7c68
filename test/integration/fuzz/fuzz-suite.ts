import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { operationIds } from '../system/operations.ts';
import { report } from '../system/report.ts';
import { fuzzOperation } from './operations-under-fuzz.ts';
import { type FuzzWorld, fuzzWorld, learnSecrets } from './fuzz-world.ts';

/** The whole fuzz, with so many cases for each operation and each action. `SEED` and `FUZZ_CASES` change it. */
export function fuzzSuite(standardCases: number): void {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const cases = Number(process.env['FUZZ_CASES'] ?? standardCases);
  const timeoutMs = 120_000 + cases * 60;
  const noticed: string[] = [];
  let test: TestRun;

  beforeAll(async () => {
    report(`  fuzz: ${cases} cases each (SEED=${seed})`);
    test = await startTestRun({ log: (line) => noticed.push(line) });
  });
  afterAll(() => test.stop());

  describe(`every operation, with ${cases} requests (SEED=${seed})`, () => {
    let world: FuzzWorld;
    beforeAll(async () => {
      world = await fuzzWorld(test, 'fuzz');
      learnSecrets(world.known);
    });

    it.each(operationIds)(
      '%s answers what it declares, and nothing breaks',
      async (operationId) => {
        await fuzzOperation(world, operationId, { seed, cases });
        // Calls that a function did not wait for, rights that it does not have, deliveries that were given up.
        expect(noticed).toEqual([]);
      },
      timeoutMs,
    );
  });
}
