import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import { filesOfOtherDays } from './test/reporting/slow-files.ts';
import { withQuickPasswords } from './test/integration/quick-passwords.ts';
import { SlowestFiles } from './test/reporting/slowest-files.ts';

// Programs that tests start compile their modules once.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

const quickPasswords: Plugin = {
  name: 'quick-passwords',
  transform: (code, id) => (id.endsWith('/identity/password-hash.ts') ? withQuickPasswords(code) : undefined),
};

const absent = filesOfOtherDays(process.env['SHARE_OF_SLOW_FILES']);

const sharing = globSync('test/**/*.test.ts').filter((path) => readFileSync(path, 'utf8').includes('sharedTestRun('));

/** Files with a longer budget. */
const longFiles = {
  // A second system would cost more CPU time than a second worker saves.
  'test/integration/problems/problems.test.ts': 120,
};

export default defineConfig({
  test: {
    // Three files at a time were not faster on two cores.
    maxWorkers: 2,
    // Functions in a test's own process log as in the cloud.
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
          // Imports took a third of the time. Nothing here mocks a module.
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
          exclude: [...sharing, ...absent],
          // Concurrent tests wait for retries rather than for a core.
          maxConcurrency: 12,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'shared',
          include: sharing.filter((path) => !absent.includes(path)),
          // The run stays in a worker's memory for all its files.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
