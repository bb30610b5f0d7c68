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

/** A local run of the real template on a free port, with data of its own. */
export interface TestRun {
  readonly run: LocalRun;
  readonly url: string;
  readonly provision: Provision;
  readonly dataDirectory: string;
  /** Restarts the run on the same data, with another assembly if one is given, like a deployment. */
  restart(assemblyDirectory?: string): Promise<void>;
  /** Ends the run and deletes its data. */
  stop(): Promise<void>;
}

export interface TestRunOptions {
  readonly faults?: FaultPlan;
  readonly assemblyDirectory?: string;
  readonly pace?: LocalPace;
  /** The origin of a further name of the run besides the loopback names. */
  readonly publicUrl?: string;
  /** The clock of connections' age and idleness. */
  readonly connectionClock?: () => number;
  /** Hears what the run has to tell: late work, missing rights, deliveries that were given up. */
  readonly log?: (line: string) => void;
}

/** In memory where there is such a place: the engine syncs every write, and a disk would be all that is measured. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const standardAssembly = join(import.meta.dirname, '../../cdk.out');

/** Builds the template if its sources changed, and starts it. */
export async function startTestRun(options: TestRunOptions = {}): Promise<TestRun> {
  await build();
  const dataDirectory = await mkdtemp(join(temporary, 'switchboard-test-'));
  const runOptions: LocalRunOptions = {
    assemblyDirectory: options.assemblyDirectory ?? standardAssembly,
    dataDirectory,
    port: 0,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.pace === undefined ? {} : { pace: options.pace }),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.connectionClock === undefined ? {} : { connectionClock: options.connectionClock }),
    ...(options.log === undefined ? {} : { log: options.log }),
  };
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
