import { randomBytes, randomUUID } from 'node:crypto';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { FunctionDefinition } from '../contract.ts';
import { environmentVariables } from './environment-variables.ts';
import type { EnvironmentCredentials } from './environment-variables.ts';
import type { RuntimeError, RuntimeJob, RuntimeReport, RuntimeStart } from './runtime-messages.ts';
import { runtimeSource } from './runtime-source.ts';

export type RunEnd =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string; readonly late: readonly string[] }
  | { readonly kind: 'failed'; readonly error: RuntimeError; readonly late: readonly string[] }
  | { readonly kind: 'lost'; readonly error: RuntimeError }
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'timed-out' };

export interface EnvironmentSettings {
  readonly endpoint: Readonly<Record<string, string>>;
  readonly rewrite: (value: string) => string;
  readonly secretAccessKey: (accessKeyId: string) => string;
  readonly sessionToken: (accessKeyId: string) => string;
  /** 0 if absent. */
  readonly clockOffsetMs?: () => number;
}

/** AWS restarts a longer initialisation. */
const initialisationLimitMs = 10_000;

/** A worker thread that runs one invocation at a time. */
export class ExecutionEnvironment {
  readonly id = randomUUID();
  readonly credentials: EnvironmentCredentials;
  readonly definition: FunctionDefinition;
  invocationId: string | undefined;
  initMs = 0;
  idleSince = 0;
  dead = false;
  /** Ends after its current invocation. */
  retiring = false;
  logs: string[] = [];

  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #exited: Promise<void>;
  #settle: ((end: RunEnd) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #killed: string | undefined;

  constructor(definition: FunctionDefinition, settings: EnvironmentSettings) {
    this.definition = definition;
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    this.credentials = {
      accessKeyId,
      secretAccessKey: settings.secretAccessKey(accessKeyId),
      sessionToken: settings.sessionToken(accessKeyId),
    };
    const { port1, port2 } = new MessageChannel();
    const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${this.id}`;
    const start: RuntimeStart = {
      signal: this.#signal.buffer,
      port: port2,
      codeDirectory: definition.codeDirectory,
      handler: definition.handler,
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMiB: definition.memoryMiB,
      logGroupName: `/aws/lambda/${definition.name}`,
      logStreamName,
    };
    this.#port = port1;
    this.#worker = new Worker(runtimeSource(), {
      eval: true,
      workerData: start,
      transferList: [port2],
      env: environmentVariables(definition, this.credentials, logStreamName, settings.endpoint, settings.rewrite),
      // The host's loaders (tsx, vitest) delay the start of a thread.
      execArgv: ['--input-type=module'],
      resourceLimits: { maxOldGenerationSizeMb: definition.memoryMiB },
      stdout: true,
      stderr: true,
      name: definition.name,
    });
    // Bypasses the captured streams, such as the engine's own messages.
    this.#worker.stderr.on('data', (chunk: Buffer) => this.logs.push(chunk.toString('utf8').trimEnd()));
    this.#worker.stdout.resume();
    this.#port.on('message', (report: RuntimeReport) => this.#receive(report));
    this.#worker.on('error', (error: Error & { code?: string }) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'signal: killed (out of memory)' : error.message;
      this.#end({ kind: 'crashed', reason: this.#killed ?? `Runtime exited with error: ${reason}` });
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.dead = true;
        this.#port.close();
        const exit = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited: exit status ${code}`;
        this.#end({ kind: 'crashed', reason: this.#killed ?? exit });
        resolve();
      });
    });
  }

  /** Call once, before other methods. */
  async initialise(): Promise<RunEnd> {
    const began = performance.now();
    const end = await this.#await(initialisationLimitMs);
    this.initMs = performance.now() - began;
    return end;
  }

  run(job: RuntimeJob, timeoutMs: number): Promise<RunEnd> {
    this.invocationId = job.id;
    const end = this.#await(timeoutMs);
    this.#port.postMessage(job);
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
    return end;
  }

  /** Like a crash. */
  kill(reason: string): void {
    this.#killed ??= reason;
    // The thread ends a moment later.
    this.#end({ kind: 'crashed', reason: this.#killed });
    void this.terminate();
  }

  async terminate(): Promise<void> {
    this.dead = true;
    await this.#worker.terminate();
    await this.#exited;
  }

  takeLogs(): string[] {
    return this.logs.splice(0);
  }

  #await(limitMs: number): Promise<RunEnd> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#timer = setTimeout(() => {
        this.#end({ kind: 'timed-out' });
        void this.terminate();
      }, limitMs);
    });
  }

  #receive(report: RuntimeReport): void {
    // A killed environment reports nothing to AWS.
    if (this.#killed !== undefined) return;
    this.logs.push(...report.logs);
    if (report.kind === 'logs') return;
    if (report.kind === 'lost') this.dead = true;
    this.#end(report);
  }

  #end(end: RunEnd): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    this.invocationId = undefined;
    settle(end);
  }
}
