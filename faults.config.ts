import { defineConfig } from 'vitest/config';

/** `npm run test:faults`: everything in `test/faults`, the crash points and the withheld grants, at full size; one file after the other. */
export default defineConfig({
  test: {
    silent: 'passed-only',
    name: 'faults',
    include: ['test/faults/**/*.test.ts', 'test/integration/crashes/*.test.ts', 'test/integration/iam/grants.test.ts'],
    env: { FAULTS: 'full' },
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    fileParallelism: false,
  },
});
