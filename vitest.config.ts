import { defineConfig } from 'vitest/config';
import { SlowestFiles } from './test/reporting/slowest-files.ts';

export default defineConfig({
  test: {
    // Vitest leaves one core idle by default. Files that boot a local run mostly wait, so two at a time fit two cores.
    maxWorkers: 2,
    // Functions that run in a test's own process log as they would in the cloud.
    silent: 'passed-only',
    globalSetup: 'test/reporting/print-seed.ts',
    setupFiles: ['test/reporting/cpu-of-file.ts', 'test/reporting/seed-properties.ts'],
    reporters: ['default', new SlowestFiles({ budgetSeconds: 60 })],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,local,bench}/**/*.test.ts',
            'test/{types,architecture,contract,infrastructure,operations,reporting}/**/*.test.ts',
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
        },
      },
    ],
  },
});
