import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../bin/build.ts';
import { localProvision } from '../../bin/local-provision.ts';
import type { Provision } from '../../bin/seed.ts';
import type { LocalPace, LocalRun, LocalRunOptions } from '../../local/contract.ts';
import type { FaultPlan } from '../../local/fault-plan.ts';
import { startLocalRun } from '../../local/run.ts';
import { quickAssembly } from './quick-passwords.ts';

/** A local run of the real template on a free port. */
export interface TestRun {
  readonly run: LocalRun;
  readonly url: string;
  readonly provision: Provision;
  readonly dataDirectory: string;
  /** The slug of a tenant of this test file: the name itself, or one that no other file on a shared run has. */
  slugOf(name: string): string;
  /** Ends the run and deletes its data, or leaves a shared run to the next file. */
  stop(): Promise<void>;
}

/** A run that no other test file uses. */
export interface OwnTestRun extends TestRun {
  /** Restarts the run on the same data, with another assembly if one is given, like a deployment. */
  restart(assemblyDirectory?: string): Promise<void>;
}

export interface TestRunOptions {
  readonly faults?: FaultPlan;
  /** The built template if absent, with quick passwords. */
  readonly assemblyDirectory?: string;
  readonly pace?: LocalPace;
  /** {@link environmentsForRaces} where a test needs more concurrency than there are processors. */
  readonly environmentsPerFunction?: number;
  /** The origin of a further name of the run besides the loopback names. */
  readonly publicUrl?: string;
  /** The clock of connections' age and idleness. */
  readonly connectionClock?: () => number;
  /** Receives what the run reports: late work, missing rights, deliveries that were given up. */
  readonly log?: (line: string) => void;
}

/** Enough for requests of one moment to overlap on any machine. */
export const environmentsForRaces = 10;

/** Streams are read ten times as often as on AWS, so that tests wait less. */
const testPace: LocalPace = { streamDelayMs: 25 };

/** In memory if the machine has such a place: the engine syncs every write, and a disk would be all that is measured. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** The assembly that `npm start` runs and deployments are made from. */
export const builtAssembly = join(import.meta.dirname, '../../cdk.out');

/** Builds the template if its sources changed, and starts it with data of its own. */
export async function startTestRun(options: TestRunOptions = {}): Promise<OwnTestRun> {
  await build();
  const dataDirectory = await mkdtemp(join(temporary, 'switchboard-test-'));
  const assembly = options.assemblyDirectory ?? join(dataDirectory, 'assembly');
  if (options.assemblyDirectory === undefined) await quickAssembly(builtAssembly, assembly);
  const pace = { ...testPace, ...options.pace };
  const runOptions: LocalRunOptions = { ...options, pace, assemblyDirectory: assembly, dataDirectory, port: 0 };
  let run = await startLocalRun(runOptions);
  return {
    get run() {
      return run;
    },
    get url() {
      return run.url;
    },
    provision: (command) => localProvision(run)(command),
    dataDirectory,
    slugOf: (name) => name,
    restart: async (assemblyDirectory = runOptions.assemblyDirectory) => {
      // The same port: the address is the issuer of the tokens that clients hold.
      const port = Number(new URL(run.url).port);
      await run.stop();
      run = await startLocalRun({ ...runOptions, assemblyDirectory, port });
    },
    stop: async () => {
      await run.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
