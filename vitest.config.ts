import { defineConfig } from 'vitest/config';

/** Files that boot a whole local run wait a lot and work little: two at a time make use of two cores. */
export default defineConfig({
  test: {
    // Functions that run in a test's own process log as they would in the cloud.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,bench}/**/*.test.ts',
            'test/{types,architecture,contract,local,infrastructure}/**/*.test.ts',
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,e2e,browser,documents,faults}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
