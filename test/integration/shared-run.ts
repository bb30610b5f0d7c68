import { rmSync } from 'node:fs';
import type { FaultPlan } from '../../local/fault-plan.ts';
import { environmentsForRaces, startTestRun, type TestRun } from './harness.ts';

/** What a test file may decide about the shared run while it uses it. */
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
 * The local run that the test files of one worker use one after the other. vitest.config.ts finds the files by their
 * call of this function. It is for files that keep to tenants of their own, named by `slugOf`, and that filter what the
 * recorder holds. A file that restarts the run, ends its engine or sets its clock starts its own.
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
        throw new Error(`Another file may have the tenant "${command.slug}" too: name it slugOf('${command.slug}')`);
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
  // As in the files that start their own: a retry is due at once.
  const pace = { queueRetryAfterMs: 20 };
  const test = await startTestRun({ faults, pace, environmentsPerFunction: environmentsForRaces });
  // Vitest ends its workers with SIGTERM. The engine ends with this process.
  process.once('SIGTERM', () => {
    rmSync(test.dataDirectory, { recursive: true, force: true, maxRetries: 3 });
    process.kill(process.pid, 'SIGTERM');
  });
  return test;
}
