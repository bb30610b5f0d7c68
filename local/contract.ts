/**
 * The interfaces of the local run. It reads a cloud assembly (`cdk.out`) and behaves like its AWS account. It contains
 * nothing about the system that it runs.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FarSides } from './far-sides/far-sides.ts';
import type { Vendors } from './far-sides/vendors.ts';
import type { Fault, FaultPlan } from './fault-plan.ts';

export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The value of `Ref`. */
  readonly physicalId: string;
  /** Absent if the type has none. */
  readonly arn?: string;
}

export interface Assembly {
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  ofType(type: string): readonly Resource[];
  byArn(arn: string): Resource | undefined;
  asset(objectKey: string): string | undefined;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  readonly reservedConcurrency?: number;
}

export type InvocationOutcome =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string; readonly trace: readonly string[] }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  /** A fault plan killed the environment, or its process exited. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** An environment handles one invocation at a time and is reused. */
export interface FunctionHost {
  readonly definitions: readonly FunctionDefinition[];
  invoke(functionName: string, event: unknown, trigger: string): Promise<InvocationOutcome>;
  /**
   * Returns at once. Retries a failure (twice by default), then sends it to its destination or dead-letter queue.
   * Invocations survive a restart.
   */
  invokeEvent(functionName: string, event: unknown, trigger: string): void;
  caller(accessKeyId: string): Caller | undefined;
  /** Like a crash. The invocation's outcome is `crashed`. */
  kill(accessKeyId: string, reason: string): void;
  /** Waits for current invocations. Without a name, ends the environments of all functions. */
  recycle(functionName?: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Caller {
  readonly functionName: string;
  readonly roleArn: string;
  readonly environmentId: string;
  /** Absent during initialisation. */
  readonly invocationId?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
}

/** Times are `performance.now()` milliseconds of this process. */
export interface AwsCall {
  readonly id: number;
  readonly functionName: string;
  readonly environmentId: string;
  readonly invocationId?: string;
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly error?: string;
  /** Absent if allowed. */
  readonly denial?: string;
  /** DynamoDB capacity, as the engine reports it. */
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly fault?: Fault['kind'];
}

export interface InvocationRecord {
  readonly id: string;
  readonly functionName: string;
  readonly environmentId: string;
  readonly trigger: string;
  readonly cold: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: InvocationOutcome['kind'];
  readonly initMs?: number;
  readonly logs: readonly string[];
}

/** `request`: to hosts outside of AWS. */
export type SinkKind = 'mail' | 'push' | 'event' | 'request';

/** Keeps a limited number of the newest records. */
export interface Recorder {
  call(call: AwsCall): void;
  invocation(record: InvocationRecord): void;
  sink(kind: SinkKind, entry: Readonly<Record<string, unknown>>): void;
  /** Ids greater than `since`, oldest first. */
  calls(since?: number): readonly AwsCall[];
  invocations(): readonly InvocationRecord[];
  sinks(kind: SinkKind): readonly Readonly<Record<string, unknown>>[];
  clear(): void;
}

export interface ServiceRequest {
  readonly operation: string;
  readonly method: string;
  /**
   * Without the service's prefix. For `execute-api`: `/<api id>/<stage>/@connections/<percent-encoded connection id>`.
   */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** JSON body or form fields; empty for other services. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent if the owner or the platform calls. */
  readonly caller: Caller | undefined;
  /** Absent for unsigned and platform calls. */
  readonly accessKeyId?: string;
  readonly partialFailure?: boolean;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  readonly readUnits?: number;
  readonly writeUnits?: number;
  readonly errorCode?: string;
}

export type Service = (request: ServiceRequest) => Promise<ServiceResponse>;

export interface AwsEndpoint {
  readonly url: string;
  /** Without credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** The owner may make every call. */
  readonly ownerCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  secretAccessKey(accessKeyId: string): string;
  /** Empty unless the key is temporary (`ASIA…`). */
  sessionToken(accessKeyId: string): string;
  /**
   * Serves S3 if the path names a bucket of the template.
   *
   * @param host the host name in presigned URLs.
   * @returns false if the path names no bucket.
   */
  serveObjects(message: IncomingMessage, response: ServerResponse, host: string): boolean;
  setFunctions(functions: FunctionHost): void;
  /** The rewrite turns stack outputs into local addresses. */
  setRewrite(rewrite: (value: string) => string): void;
  registerService(prefix: string, service: Service): void;
  /**
   * A call of the platform itself: without IAM, faults and a record. For services with a JSON protocol: `dynamodb`,
   * `dynamodbstreams`, `sqs`, `kms`, `events`.
   *
   * @throws PlatformCallError if the service rejects the call.
   */
  call(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
  /** Pollers call with the function's role, as in Lambda. */
  mayRole(roleArn: string, action: string, resource: string): AccessDecision;
  readonly encryptionKeys: ReadonlyMap<string, string>;
  /** Evaluates a resource's policy for a service such as `events.amazonaws.com`. */
  mayService(principal: string, action: string, resource: string, sourceArn?: string): AccessDecision;
  /**
   * The listener runs synchronously for each write to a table or queue.
   *
   * @returns the function that unsubscribes.
   */
  onActivity(listener: (service: 'dynamodb' | 'sqs', name: string) => void): () => void;
  /** Deletes expired items and objects at once, not within the hour. */
  sweepExpired(): Promise<number>;
  readonly timers: Timers;
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** A delayed message or a schedule that was created during the run. */
export interface PendingTimer {
  readonly kind: 'message' | 'schedule';
  /** Of the queue or the schedule. */
  readonly name: string;
  /** By the clock of the run. */
  readonly dueAt: number;
  readonly body: string;
}

/** The clock of functions, their credentials, delayed messages and created schedules. */
export interface Timers {
  /** From the clock of the machine. */
  readonly clockOffsetMs: number;
  /** The earliest first. */
  pending(): readonly PendingTimer[];
  /**
   * Delivers what is then due. Call it on a settled run: invocations keep the clock with which they began. A restart
   * resets the clock.
   */
  advance(milliseconds: number): void;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface PlatformCallError extends Error {
  readonly code: string;
  readonly status: number;
}

/** Tests shorten these delays. */
export interface LocalPace {
  /** Milliseconds between reads of a stream; default 250, as in Lambda. */
  readonly streamDelayMs?: number;
  /** Milliseconds; default: the queue's visibility timeout. */
  readonly queueRetryAfterMs?: number;
}

export interface LocalRunOptions {
  readonly assemblyDirectory: string;
  /** The data survives `kill -9`. */
  readonly dataDirectory: string;
  /** On 127.0.0.1. 0 chooses a free port. */
  readonly port: number;
  /** Origin of a tunnel or proxy. Requests with host names other than this and loopback are rejected. */
  readonly publicUrl?: string;
  readonly faults?: FaultPlan;
  /** All API requests and posts together; default 10,000 a second, burst 5,000. */
  readonly accountRequests?: { readonly perSecond: number; readonly burst: number };
  /**
   * Simulates the SES sandbox: only these and the template's identities can receive mails.
   * https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
   */
  readonly mailSandbox?: { readonly verified: readonly string[] };
  readonly pace?: LocalPace;
  /** Without reserved concurrency; default: the number of processors, at least 2. */
  readonly environmentsPerFunction?: number;
  /** Milliseconds since 1970, never going back, for the age and idleness of WebSocket connections. */
  readonly connectionClock?: () => number;
  readonly log?: (line: string) => void;
}

export interface LocalRun {
  /** `http://127.0.0.1:<port>`; socket at `/ws`, inspector at `/__local`. */
  readonly url: string;
  readonly socketUrl: string;
  readonly assembly: Assembly;
  readonly functions: FunctionHost;
  readonly recorder: Recorder;
  readonly aws: AwsEndpoint;
  readonly timers: Timers;
  /** Receives what functions send to hosts outside of AWS. */
  readonly farSides: FarSides;
  /** Two of these hosts. */
  readonly vendors: Vendors;
  /** Includes streams, queues, rules and asynchronous invocations. */
  settled(): Promise<void>;
  /** Leaves no process behind. */
  stop(): Promise<void>;
}
