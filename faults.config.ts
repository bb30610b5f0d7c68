import { defineConfig } from 'vitest/config';
import { SlowestFiles } from './test/reporting/slowest-files.ts';

/** `npm run test:faults` runs at full size what `npm test` samples. One file runs after the other. */
export default defineConfig({
  test: {
    silent: 'passed-only',
    name: 'faults',
    include: [
      'test/faults/**/*.test.ts',
      'test/integration/crashes/*.test.ts',
      'test/integration/desk/{assignment-races,changed-settings,escalation,guests}.test.ts',
      'test/integration/iam/{foreign-tenants,grants}.test.ts',
      'test/integration/matrix/tenant-matrix.test.ts',
      'test/integration/problems/problems.test.ts',
      'test/integration/replay/replay-law.test.ts',
      'test/integration/sockets/ended-sessions.test.ts',
      'test/infrastructure/{every-setting,template-check/seeded-mistakes}.test.ts',
    ],
    env: { FAULTS: 'full' },
    globalSetup: 'test/reporting/print-seed.ts',
    setupFiles: ['test/reporting/cpu-of-file.ts', 'test/reporting/seed-properties.ts'],
    reporters: ['default', new SlowestFiles({ seconds: Infinity })],
    // Half an hour on an idle machine, several times that on a busy one.
    testTimeout: 90 * 60_000,
    hookTimeout: 90 * 60_000,
    fileParallelism: false,
  },
});
