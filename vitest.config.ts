import { globSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';
import { withQuickPasswords } from './test/integration/quick-passwords.ts';
import { SlowestFiles } from './test/reporting/slowest-files.ts';

const quickPasswords: Plugin = {
  name: 'quick-passwords',
  transform: (code, id) => (id.endsWith('/identity/password-hash.ts') ? withQuickPasswords(code) : undefined),
};

/** The files that use the shared run, one after the other in each worker. */
const sharing = globSync('test/**/*.test.ts').filter((path) => readFileSync(path, 'utf8').includes('sharedTestRun('));

/** Files over the budget, with their own. */
const longFiles = {
  // Provokes more than 400 problems on one system. A second system would cost more CPU time than a second worker saves.
  'test/integration/problems/problems.test.ts': 120,
};

export default defineConfig({
  test: {
    // Vitest leaves one core idle by default. Three files at a time were not faster on two cores.
    maxWorkers: 2,
    // Functions that run in a test's own process log as they would in the cloud.
    silent: 'passed-only',
    globalSetup: 'test/reporting/print-seed.ts',
    setupFiles: ['test/reporting/cpu-of-file.ts', 'test/reporting/seed-properties.ts'],
    reporters: ['default', new SlowestFiles({ seconds: 60, exceptions: longFiles })],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,bench}/**/*.test.ts',
            'test/{types,architecture,contract,infrastructure,operations,reporting}/**/*.test.ts',
          ],
          // A third of the time went into importing the same modules for each file. Nothing here mocks a module.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'local',
          include: ['local/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [quickPasswords],
        test: {
          name: 'integration',
          include: ['test/{integration,e2e,browser,documents,faults}/**/*.test.ts'],
          exclude: sharing,
          // Tests that are declared concurrent wait for retries rather than for a core.
          maxConcurrency: 12,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'shared',
          include: sharing,
          // The run lives in a worker's memory, from its first file to its last.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
