import type { MessagePort } from 'node:worker_threads';

export interface RuntimeStart {
  /** The number of posted jobs. The worker sleeps on it. */
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
  /** JSON, because a string is cheap to copy between threads and the function needs its own object. */
  readonly event: string;
  /** The time of the timeout, as in `Date.now()`. */
  readonly deadline: number;
}

/** An error as the Lambda runtime reports it. */
export interface RuntimeError {
  readonly errorType: string;
  readonly message: string;
  readonly trace: readonly string[];
}

export type RuntimeReport =
  | { readonly kind: 'ready'; readonly logs: readonly string[] }
  /** `late` describes requests that the handler did not await. */
  | {
      readonly kind: 'returned';
      readonly payload: string;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** The handler threw. The environment stays usable. */
  | {
      readonly kind: 'failed';
      readonly error: RuntimeError;
      readonly late: readonly string[];
      readonly logs: readonly string[];
    }
  /** The initialisation failed, or an exception or rejection was not handled. The environment cannot be used again. */
  | { readonly kind: 'lost'; readonly error: RuntimeError; readonly logs: readonly string[] }
  /** Output of an invocation that is still running. */
  | { readonly kind: 'logs'; readonly logs: readonly string[] };
