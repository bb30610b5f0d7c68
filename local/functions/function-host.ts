import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Caller, FunctionDefinition, FunctionHost, InvocationOutcome, Recorder } from '../contract.ts';
import type { AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { EnvironmentSettings, ExecutionEnvironment, RunEnd } from './execution-environment.ts';
import { FunctionPool } from './function-pool.ts';
import type { PoolRun } from './function-pool.ts';
import type { LateWork } from './late-work.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const synchronousPayloadLimit = 6 * 1024 * 1024;
const asynchronousPayloadLimit = 1024 * 1024;
/** Documented as 6 MB; this figure is in Lambda's message. */
const responseLimit = 6_291_556;

const idleForMs = 10 * 60_000;
/** More than processors is not faster. Invocations that wait for one another need two. */
const defaultEnvironments = Math.max(2, availableParallelism());

export interface FunctionHostOptions extends EnvironmentSettings {
  readonly definitions: readonly FunctionDefinition[];
  readonly recorder: Recorder;
  /** Without reserved concurrency; {@link defaultEnvironments} if absent. */
  readonly environmentsPerFunction?: number;
  readonly lateWork?: (late: LateWork) => void;
  readonly asynchronous?: (host: FunctionHost) => AsynchronousInvocations;
}

export interface LocalFunctionHost extends FunctionHost {
  warm(): Promise<void>;
  /** Includes waiting and asynchronous invocations. */
  readonly load: number;
  /** Also awaits due retries. */
  idle(): Promise<void>;
  environmentCount(functionName: string): number;
}

/** Starts environments when first needed. */
export function createFunctionHost(options: FunctionHostOptions): LocalFunctionHost {
  return new WorkerFunctionHost(options);
}

class WorkerFunctionHost implements LocalFunctionHost {
  readonly definitions: readonly FunctionDefinition[];
  readonly #pools = new Map<string, FunctionPool>();
  readonly #byAccessKey = new Map<string, ExecutionEnvironment>();
  readonly #recorder: Recorder;
  readonly #lateWork: ((late: LateWork) => void) | undefined;
  readonly #asynchronous: AsynchronousInvocations | undefined;
  readonly #reaper: NodeJS.Timeout;
  readonly #waitingForIdle: (() => void)[] = [];
  #underWay = 0;
  #stopped = false;

  constructor(options: FunctionHostOptions) {
    this.definitions = options.definitions;
    this.#recorder = options.recorder;
    this.#lateWork = options.lateWork;
    const register = {
      added: (environment: ExecutionEnvironment) =>
        void this.#byAccessKey.set(environment.credentials.accessKeyId, environment),
      removed: (environment: ExecutionEnvironment) =>
        void this.#byAccessKey.delete(environment.credentials.accessKeyId),
    };
    for (const definition of options.definitions) {
      const pool = new FunctionPool(
        definition,
        options,
        register,
        options.environmentsPerFunction ?? defaultEnvironments,
      );
      this.#pools.set(definition.name, pool);
    }
    this.#asynchronous = options.asynchronous?.(this);
    this.#asynchronous?.onOver(() => this.#resolveIfIdle());
    this.#reaper = setInterval(() => {
      for (const pool of this.#pools.values()) pool.reap(idleForMs);
    }, 60_000);
    this.#reaper.unref();
  }

  get load(): number {
    return this.#underWay + (this.#asynchronous?.pending ?? 0);
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waitingForIdle.push(resolve);
      this.#resolveIfIdle();
    });
  }

  environmentCount(functionName: string): number {
    return this.#pool(functionName)?.environmentCount ?? 0;
  }

  async invoke(functionName: string, event: unknown, trigger: string): Promise<InvocationOutcome> {
    const pool = this.#pool(functionName);
    if (pool === undefined) return failure('ResourceNotFoundException', `Function not found: ${functionName}`);
    const json = JSON.stringify(event ?? null);
    if (exceeds(json, synchronousPayloadLimit)) {
      return failure(
        'RequestTooLargeException',
        `Request must be smaller than ${synchronousPayloadLimit} bytes for the InvokeFunction operation`,
      );
    }
    if (this.#stopped) return { kind: 'crashed', reason: 'The local run is stopping' };
    if (pool.throttles) return failure('TooManyRequestsException', 'Rate Exceeded.');
    this.#underWay += 1;
    const id = randomUUID();
    const run = await pool.run({ id, event: json });
    this.#underWay -= 1;
    const outcome = outcomeOf(run.end, pool.definition);
    this.#record(id, pool.definition, run, outcome, trigger);
    this.#resolveIfIdle();
    return outcome;
  }

  invokeEvent(functionName: string, event: unknown, trigger: string): void {
    if (this.#asynchronous === undefined) throw new Error('This function host has no asynchronous invocations.');
    const pool = this.#pool(functionName);
    if (pool === undefined) throw new Error(`Function not found: ${functionName}`);
    if (exceeds(JSON.stringify(event ?? null), asynchronousPayloadLimit)) {
      throw new RangeError(`An asynchronous invocation takes at most ${asynchronousPayloadLimit} bytes.`);
    }
    this.#asynchronous.accept(pool.definition.name, event, trigger);
  }

  caller(accessKeyId: string): Caller | undefined {
    const environment = this.#byAccessKey.get(accessKeyId);
    if (environment === undefined) return undefined;
    return {
      functionName: environment.definition.name,
      roleArn: environment.definition.roleArn,
      environmentId: environment.id,
      ...(environment.invocationId === undefined ? {} : { invocationId: environment.invocationId }),
    };
  }

  kill(accessKeyId: string, reason: string): void {
    this.#byAccessKey.get(accessKeyId)?.kill(reason);
  }

  async warm(): Promise<void> {
    for (const pool of this.#pools.values()) await pool.warm();
  }

  async recycle(functionName?: string): Promise<void> {
    if (functionName !== undefined) await this.#pool(functionName)?.recycle();
    else await Promise.all([...this.#pools.values()].map((pool) => pool.recycle()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reaper);
    this.#asynchronous?.stop();
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
    for (const resolve of this.#waitingForIdle.splice(0)) resolve();
  }

  #resolveIfIdle(): void {
    if (this.#waitingForIdle.length === 0 || this.load > 0) return;
    for (const resolve of this.#waitingForIdle.splice(0)) resolve();
  }

  /** Name, ARN, or ARN with a version. */
  #pool(functionName: string): FunctionPool | undefined {
    const found = this.#pools.get(functionName);
    if (found !== undefined || !functionName.startsWith('arn:')) return found;
    return this.#pools.get(functionName.split(':')[6] ?? '');
  }

  #record(id: string, definition: FunctionDefinition, run: PoolRun, outcome: InvocationOutcome, trigger: string): void {
    const late = run.end.kind === 'returned' || run.end.kind === 'failed' ? run.end.late : [];
    for (const message of late) this.#lateWork?.({ functionName: definition.name, invocationId: id, message });
    this.#recorder.invocation({
      id,
      functionName: definition.name,
      environmentId: run.environmentId,
      trigger,
      cold: run.cold,
      startedAt: run.startedAt,
      endedAt: performance.now(),
      outcome: outcome.kind,
      ...(run.initMs === undefined ? {} : { initMs: run.initMs }),
      logs: late.length === 0 ? run.logs : [...run.logs, ...late],
    });
  }
}

function outcomeOf(end: RunEnd, definition: FunctionDefinition): InvocationOutcome {
  switch (end.kind) {
    case 'returned':
      if (exceeds(end.payload, responseLimit)) {
        return failure(
          'Function.ResponseSizeTooLarge',
          `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
        );
      }
      return { kind: 'returned', payload: JSON.parse(end.payload) as unknown };
    case 'failed':
    case 'lost':
      return { kind: 'failed', ...end.error };
    case 'crashed':
      return { kind: 'crashed', reason: end.reason };
    case 'timed-out':
      return { kind: 'timed-out', afterMs: definition.timeoutMs };
    case 'ready':
      throw new Error('An initialisation was treated as an invocation.');
  }
}

function failure(errorType: string, message: string): InvocationOutcome {
  return { kind: 'failed', errorType, message, trace: [] };
}

function exceeds(text: string, limit: number): boolean {
  return text.length * 3 > limit && Buffer.byteLength(text) > limit;
}
