import type { MessagePort } from 'node:worker_threads';

/** What a worker is told at its start. */
export interface RuntimeStart {
  /** Counts the jobs posted so far; the worker sleeps on it. */
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

/** One invocation, as the worker gets it. */
export interface RuntimeJob {
  readonly id: string;
  /** The event as JSON: a string crosses threads for the price of a copy, and the function gets an object of its own. */
  readonly event: string;
  /** `Date.now()` at which the invocation times out. */
  readonly deadline: number;
}

/** An error as the Lambda runtime reports it. */
export interface RuntimeError {
  readonly errorType: string;
  readonly message: string;
  readonly trace: readonly string[];
}

/** What the worker tells the host. */
export type RuntimeReport =
  | { readonly kind: 'ready'; readonly logs: readonly string[] }
  /** `late` tells of requests that the handler did not wait for. */
  | {
      readonly kind: 'returned';
      readonly payload: string;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** The handler threw: the environment lives on. */
  | {
      readonly kind: 'failed';
      readonly error: RuntimeError;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** Initialisation failed, or an exception or rejection that nobody caught: the environment is lost. */
  | { readonly kind: 'lost'; readonly error: RuntimeError; readonly logs: readonly string[] }
  /** Output so far of an invocation that takes its time. */
  | { readonly kind: 'logs'; readonly logs: readonly string[] };
