import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../bin/build.ts';
import { localProvision } from '../../bin/local-provision.ts';
import { configureLocalPush } from '../../bin/local-push.ts';
import type { Provision } from '../../bin/seed.ts';
import type { LocalPace, LocalRun, LocalRunOptions } from '../../local/contract.ts';
import type { FaultPlan } from '../../local/fault-plan.ts';
import { startLocalRun } from '../../local/run.ts';
import { quickAssembly } from './quick-passwords.ts';

export interface TestRun {
  readonly run: LocalRun;
  readonly url: string;
  readonly provision: Provision;
  readonly dataDirectory: string;
  /** Unique on a shared run; the name itself on a separate one. */
  slugOf(name: string): string;
  /** Deletes the data, unless the run is shared. */
  stop(): Promise<void>;
}

export interface OwnTestRun extends TestRun {
  /** Keeps the data, like a deployment. */
  restart(assemblyDirectory?: string): Promise<void>;
}

export interface TestRunOptions {
  readonly faults?: FaultPlan;
  /** By default, the built template with quick passwords. */
  readonly assemblyDirectory?: string;
  readonly pace?: LocalPace;
  readonly environmentsPerFunction?: number;
  readonly publicUrl?: string;
  readonly connectionClock?: () => number;
  /** Receives warnings: calls without an await, missing rights, abandoned deliveries. */
  readonly log?: (line: string) => void;
}

/** Lets concurrent requests overlap on any machine. */
export const environmentsForRaces = 10;

/** Ten times as often as AWS. */
const testPace: LocalPace = { streamDelayMs: 25 };

/** In memory, because the engine syncs every write to disk. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
export const builtAssembly = join(import.meta.dirname, '../../cdk.out');

/** Builds the template if its sources changed. */
export async function startTestRun(options: TestRunOptions = {}): Promise<OwnTestRun> {
  await build();
  const dataDirectory = await mkdtemp(join(temporary, 'switchboard-test-'));
  const assembly = options.assemblyDirectory ?? join(dataDirectory, 'assembly');
  if (options.assemblyDirectory === undefined) await quickAssembly(builtAssembly, assembly);
  const pace = { ...testPace, ...options.pace };
  const runOptions: LocalRunOptions = { ...options, pace, assemblyDirectory: assembly, dataDirectory, port: 0 };
  let run = await startLocalRun(runOptions);
  await configureLocalPush(run);
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
      // The address is the issuer of the clients' tokens.
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
