import { availableParallelism } from 'node:os';
import type { FunctionDefinition } from '../contract.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { EnvironmentSettings, RunEnd } from './execution-environment.ts';
import type { RuntimeJob } from './runtime-messages.ts';

export interface PoolRun {
  readonly end: RunEnd;
  readonly environmentId: string;
  readonly cold: boolean;
  readonly startedAt: number;
  readonly initMs?: number;
  readonly logs: string[];
}

export interface EnvironmentRegister {
  added(environment: ExecutionEnvironment): void;
  removed(environment: ExecutionEnvironment): void;
}

interface WaitingJob {
  readonly job: Pick<RuntimeJob, 'id' | 'event'>;
  readonly done: (run: PoolRun) => void;
  /** The job fails with the environment that it started. */
  wantsOwn: boolean;
}

/** More would only compete for processors. */
const startsAtOnce = Math.max(2, availableParallelism());

/** Prefers the idle environment that was used last. Above the limit, jobs wait; Lambda would start more. */
export class FunctionPool {
  readonly definition: FunctionDefinition;
  readonly #settings: EnvironmentSettings;
  readonly #register: EnvironmentRegister;
  readonly #limit: number;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #queue: WaitingJob[] = [];
  #starting = 0;
  #stopped = false;

  constructor(
    definition: FunctionDefinition,
    settings: EnvironmentSettings,
    register: EnvironmentRegister,
    limit: number,
  ) {
    this.definition = definition;
    this.#settings = settings;
    this.#register = register;
    this.#limit = definition.reservedConcurrency ?? limit;
  }

  get load(): number {
    return this.#queue.length + this.#environments.size - this.#idle.length;
  }

  get environmentCount(): number {
    return this.#environments.size;
  }

  get throttles(): boolean {
    return this.definition.reservedConcurrency !== undefined && this.load >= this.#limit;
  }

  run(job: Pick<RuntimeJob, 'id' | 'event'>): Promise<PoolRun> {
    return new Promise((done) => {
      this.#queue.push({ job, done, wantsOwn: false });
      this.#distribute();
    });
  }

  async warm(): Promise<void> {
    if (this.#environments.size > 0 || this.#stopped) return;
    await this.#start(undefined);
  }

  /** Keeps one. */
  reap(idleForMs: number): void {
    const now = performance.now();
    while (this.#idle.length > 1) {
      const oldest = this.#idle[0];
      if (oldest === undefined || now - oldest.idleSince < idleForMs) return;
      this.#idle.shift();
      void this.#discard(oldest);
    }
  }

  /** Resolves when all are gone. */
  async recycle(): Promise<void> {
    const leaving = [...this.#environments];
    const ends = leaving.map((environment) => this.#gone(environment));
    for (const environment of leaving) environment.retiring = true;
    for (const environment of this.#idle.splice(0)) void this.#discard(environment);
    await Promise.all(ends);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { done } of this.#queue.splice(0)) {
      done(unstarted({ kind: 'crashed', reason: 'The local run is stopping' }));
    }
    for (const environment of this.#environments) environment.kill('The local run is stopping');
    await Promise.all([...this.#environments].map((environment) => this.#discard(environment)));
  }

  readonly #departures = new Map<ExecutionEnvironment, (() => void)[]>();

  #gone(environment: ExecutionEnvironment): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#departures.get(environment) ?? [];
      waiting.push(resolve);
      this.#departures.set(environment, waiting);
    });
  }

  #distribute(): void {
    while (this.#queue.length > 0) {
      const environment = this.#idle.pop();
      if (environment === undefined) break;
      if (environment.dead) {
        void this.#discard(environment);
        continue;
      }
      const waiting = this.#queue.shift();
      if (waiting !== undefined) void this.#work(environment, waiting, false);
    }
    while (
      !this.#stopped &&
      this.#starting < Math.min(startsAtOnce, this.#queue.length) &&
      this.#environments.size < this.#limit
    ) {
      const claimant = this.#queue.find((waiting) => !waiting.wantsOwn);
      if (claimant !== undefined) claimant.wantsOwn = true;
      void this.#start(claimant);
    }
  }

  async #start(claimant: WaitingJob | undefined): Promise<void> {
    this.#starting += 1;
    const environment = new ExecutionEnvironment(this.definition, this.#settings);
    this.#environments.add(environment);
    this.#register.added(environment);
    const end = await environment.initialise();
    this.#starting -= 1;
    if (end.kind !== 'ready') {
      const failed = takeFrom(this.#queue, claimant);
      failed?.done({ ...this.#outcome(environment, true, performance.now(), end) });
      await this.#discard(environment);
    } else if (environment.retiring || this.#stopped) {
      await this.#discard(environment);
    } else {
      const next = this.#queue.shift();
      if (next !== undefined) {
        void this.#work(environment, next, true);
      } else {
        environment.idleSince = performance.now();
        this.#idle.push(environment);
      }
    }
    this.#distribute();
  }

  async #work(environment: ExecutionEnvironment, waiting: WaitingJob, cold: boolean): Promise<void> {
    const startedAt = performance.now();
    const { timeoutMs } = this.definition;
    const clockOffsetMs = this.#settings.clockOffsetMs?.() ?? 0;
    const deadline = Date.now() + clockOffsetMs + timeoutMs;
    const end = await environment.run({ ...waiting.job, deadline, clockOffsetMs }, timeoutMs);
    if (end.kind === 'timed-out')
      environment.logs.push(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
    if (end.kind === 'crashed') environment.logs.push(end.reason);
    waiting.done(this.#outcome(environment, cold, startedAt, end));
    if (end.kind === 'returned' || end.kind === 'failed') {
      if (!environment.retiring && !environment.dead) {
        environment.idleSince = performance.now();
        this.#idle.push(environment);
        this.#distribute();
        return;
      }
    }
    await this.#discard(environment);
  }

  #outcome(environment: ExecutionEnvironment, cold: boolean, startedAt: number, end: RunEnd): PoolRun {
    return {
      end,
      environmentId: environment.id,
      cold,
      startedAt,
      ...(cold ? { initMs: environment.initMs } : {}),
      logs: environment.takeLogs(),
    };
  }

  async #discard(environment: ExecutionEnvironment): Promise<void> {
    await environment.terminate();
    if (!this.#environments.delete(environment)) return;
    const index = this.#idle.indexOf(environment);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#register.removed(environment);
    for (const resolve of this.#departures.get(environment) ?? []) resolve();
    this.#departures.delete(environment);
    // It made room for a waiting job.
    this.#distribute();
  }
}

function unstarted(end: RunEnd): PoolRun {
  return { end, environmentId: '', cold: true, startedAt: performance.now(), logs: [] };
}

function takeFrom(queue: WaitingJob[], claimant: WaitingJob | undefined): WaitingJob | undefined {
  const index = claimant === undefined ? -1 : queue.indexOf(claimant);
  return index >= 0 ? queue.splice(index, 1)[0] : queue.shift();
}
