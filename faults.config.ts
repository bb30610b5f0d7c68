import { writeSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** One seed for all, told before anything can fail. */
const seed = process.env['SEED'] ?? String(Math.floor(Math.random() * 2 ** 31));
writeSync(2, `Faults at full size: SEED=${seed} npm run test:faults runs the same again.\n`);

/** `npm run test:faults`: everything in `test/faults`, the crash points and the withheld grants, at full size; one file after the other. */
export default defineConfig({
  test: {
    silent: 'passed-only',
    name: 'faults',
    include: ['test/faults/**/*.test.ts', 'test/integration/crashes/*.test.ts', 'test/integration/iam/grants.test.ts'],
    env: { FAULTS: 'full', SEED: seed },
    // Half an hour on a machine that does nothing else, several times that on one that does.
    testTimeout: 90 * 60_000,
    hookTimeout: 90 * 60_000,
    fileParallelism: false,
  },
});
