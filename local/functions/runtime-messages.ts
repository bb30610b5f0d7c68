import type { MessagePort } from 'node:worker_threads';

export interface RuntimeStart {
  /** The worker sleeps on it. */
  readonly signal: SharedArrayBuffer;
  readonly port: MessagePort;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface RuntimeJob {
  readonly id: string;
  /** JSON: cheap to copy between threads. */
  readonly event: string;
  /** By the clock of the run. */
  readonly deadline: number;
  /** Of the run's clock, from that of the machine. */
  readonly clockOffsetMs: number;
}

export interface RuntimeError {
  readonly errorType: string;
  readonly message: string;
  readonly trace: readonly string[];
}

export type RuntimeReport =
  | { readonly kind: 'ready'; readonly logs: readonly string[] }
  /** `late`: unawaited requests. */
  | {
      readonly kind: 'returned';
      readonly payload: string;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** The environment stays usable. */
  | {
      readonly kind: 'failed';
      readonly error: RuntimeError;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** The environment is unusable. */
  | { readonly kind: 'lost'; readonly error: RuntimeError; readonly logs: readonly string[] }
  | { readonly kind: 'logs'; readonly logs: readonly string[] };
