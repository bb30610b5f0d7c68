import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../reporting/seed.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { fuzzAction } from './frames-under-fuzz.ts';
import { actionNames, operationIds } from '../system/operations.ts';
import { operationCards } from '../../operations/kit/cards.ts';
import { report } from '../system/report.ts';
import { fuzzCredentials } from './handshakes-under-fuzz.ts';
import { fuzzOperation } from './operations-under-fuzz.ts';
import { fuzzOverHttp } from './wire-under-fuzz.ts';
import { type FuzzWorld, fuzzWorld, learnSecrets } from './fuzz-world.ts';

/** `SEED` and `FUZZ_CASES` override the defaults. */
export function fuzzSuite(standardCases: number): void {
  const cases = Number(process.env['FUZZ_CASES'] ?? standardCases);
  const timeoutMs = 120_000 + cases * 120;
  const warnings: string[] = [];
  let test: TestRun;

  beforeAll(async () => {
    report(`  fuzz: ${cases} cases each (SEED=${seed})`);
    test = await startTestRun({ log: (line) => warnings.push(line) });
  });
  afterAll(() => test.stop());

  let world: FuzzWorld;
  beforeAll(async () => {
    world = await fuzzWorld(test, 'fuzz');
  }, 300_000);
  afterEach(() => {
    expect(warnings.splice(0)).toEqual([]);
    // A name that a client chose must not change Object.prototype.
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  describe(`every operation over HTTP (SEED=${seed})`, () => {
    const share = { seed, cases: Math.min(400, Math.ceil(cases / 10)) };
    it.each(operationIds)('%s gives only declared answers', (id) => fuzzOverHttp(world, id, share), timeoutMs);
  });

  describe(`credentials (SEED=${seed})`, () => {
    it('rejects credentials that were never issued', () => fuzzCredentials(world, { seed, cases }), timeoutMs);
  });

  describe(`every action, with ${cases} frames (SEED=${seed})`, () => {
    it.each(actionNames)(
      '%s is always answered, and the socket stays open',
      (name) => fuzzAction(world, name, { seed, cases }),
      timeoutMs,
    );
  });

  describe(`every operation, with ${cases} requests (SEED=${seed})`, () => {
    beforeAll(() => learnSecrets(world.existing));

    it.each(operationCards.map((card) => [card.route.operationId, card] as const))(
      '%s gives only declared answers and never fails',
      (_, card) => fuzzOperation(world, card, { seed, cases }),
      timeoutMs,
    );
  });
}
