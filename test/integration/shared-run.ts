import { rmSync } from 'node:fs';
import type { FaultPlan } from '../../local/fault-plan.ts';
import { environmentsForRaces, startTestRun, type TestRun } from './harness.ts';

export type SharedRunOptions = Pick<FaultPlan, 'onCall' | 'onFrame' | 'deliveries' | 'dropDisconnect'>;

let started: Promise<TestRun> | undefined;
let current: SharedRunOptions = {};
let files = 0;

const faults: FaultPlan = {
  onCall: (call) => current.onCall?.(call),
  onFrame: (connectionId, frame) => current.onFrame?.(connectionId, frame),
  deliveries: (ruleName, eventId) => current.deliveries?.(ruleName, eventId) ?? 1,
  dropDisconnect: (connectionId) => current.dropDisconnect?.(connectionId) ?? false,
};

/**
 * The run that a worker's test files share. vitest.config.ts finds them by this call. Each file must use tenants named
 * by `slugOf` and filter the recorder. A file that restarts the run, kills its engine or sets its clock needs a
 * separate run.
 */
export async function sharedTestRun(options: SharedRunOptions = {}): Promise<TestRun> {
  started ??= start();
  const test = await started;
  await test.run.settled();
  test.run.recorder.clear();
  current = options;
  files += 1;
  const suffix = `-${files}`;
  return {
    ...{ run: test.run, url: test.url, dataDirectory: test.dataDirectory },
    provision: (command) => {
      if (command.command === 'createTenant' && !command.slug.endsWith(suffix)) {
        throw new Error(
          `Another file may use the tenant "${command.slug}", too. Name it with slugOf('${command.slug}')`,
        );
      }
      return test.provision(command);
    },
    slugOf: (name) => name + suffix,
    stop: async () => {
      current = {};
    },
  };
}

async function start(): Promise<TestRun> {
  // Retries are due at once, as on separate runs.
  const pace = { queueRetryAfterMs: 20 };
  const test = await startTestRun({ faults, pace, environmentsPerFunction: environmentsForRaces });
  // Vitest ends its workers with SIGTERM.
  process.once('SIGTERM', () => {
    rmSync(test.dataDirectory, { recursive: true, force: true, maxRetries: 3 });
    process.kill(process.pid, 'SIGTERM');
  });
  return test;
}
