/**
 * The interfaces between the parts of the local run.
 *
 * The local run reads a synthesised cloud assembly (`cdk.out`) and behaves like the AWS account that its deployment would
 * create. It contains nothing about the system that it runs.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultPlan } from './fault-plan.ts';

/** A resource of the templates, with every intrinsic function resolved. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The value of `Ref`: a table's name, a function's name, an API's id, a queue's URL. */
  readonly physicalId: string;
  /** The value of `Fn::GetAtt Arn`, if the type has one. */
  readonly arn?: string;
}

/** All stacks of an assembly, in the order of their deployment. */
export interface Assembly {
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  ofType(type: string): readonly Resource[];
  byArn(arn: string): Resource | undefined;
  /** Returns the directory or file of an asset by the S3 object key in the template. */
  asset(objectKey: string): string | undefined;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly codeDirectory: string;
  /** Such as `index.handler`. */
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
  /** The environment ended: a fault plan killed it, or its process exited. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** Invokes functions synchronously. An environment handles one invocation at a time and is reused. */
export interface FunctionHost {
  readonly definitions: readonly FunctionDefinition[];
  invoke(functionName: string, event: unknown, trigger: string): Promise<InvocationOutcome>;
  /**
   * Accepts an asynchronous invocation and returns at once. A failed invocation is retried as often as the function's
   * settings say (twice by default) and then sent to its failure destination or dead-letter queue. Accepted invocations
   * survive a restart.
   */
  invokeEvent(functionName: string, event: unknown, trigger: string): void;
  /** Returns the environment that signs with this access key id, and its current invocation. */
  caller(accessKeyId: string): Caller | undefined;
  /** Ends an environment at once, like a crash. The outcome of its invocation is `crashed`. */
  kill(accessKeyId: string, reason: string): void;
  /**
   * Ends all environments, or those of one function, after their current invocations. The next invocations are cold.
   */
  recycle(functionName?: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Caller {
  readonly functionName: string;
  readonly roleArn: string;
  readonly environmentId: string;
  /** Absent while the environment initialises. */
  readonly invocationId?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
}

/** Times are `performance.now()` milliseconds of this process. */
export interface AwsCall {
  readonly id: number;
  readonly functionName: string;
  readonly environmentId: string;
  readonly invocationId?: string;
  /** IAM service prefix: `dynamodb`, `execute-api`, `ses` … */
  readonly service: string;
  /** Such as `PutItem`. */
  readonly operation: string;
  readonly resource: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly error?: string;
  /** The reason, if access control denied the call. */
  readonly denial?: string;
  /** Consumed DynamoDB capacity, as the engine reported it. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** The fault that the fault plan applied. */
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

/** Keeps a limited number of the newest invocations, calls, bus events, mails and pushes. */
export interface Recorder {
  call(call: AwsCall): void;
  invocation(record: InvocationRecord): void;
  sink(kind: 'mail' | 'push' | 'event', entry: Readonly<Record<string, unknown>>): void;
  /** Returns calls with an id greater than `since`, oldest first. */
  calls(since?: number): readonly AwsCall[];
  invocations(): readonly InvocationRecord[];
  sinks(kind: 'mail' | 'push' | 'event'): readonly Readonly<Record<string, unknown>>[];
  clear(): void;
}

/** A call that IAM has allowed. */
export interface ServiceRequest {
  readonly operation: string;
  readonly method: string;
  /**
   * The path without the service's prefix. For `execute-api`, it is `/<api id>/<stage>/@connections/<percent-encoded
   * connection id>`.
   */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The parsed JSON body or form fields; empty for other services. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent if the account's owner or the platform calls. */
  readonly caller: Caller | undefined;
  /** Absent for unsigned calls and calls of the platform. */
  readonly accessKeyId?: string;
  /** The fault plan makes every second entry of a batch fail. */
  readonly partialFailure?: boolean;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** The code of the error, so that the endpoint need not search the body for it. */
  readonly errorCode?: string;
}

export type Service = (request: ServiceRequest) => Promise<ServiceResponse>;

/** The loopback endpoint of all SDK clients. */
export interface AwsEndpoint {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Environment variables that point an SDK at this endpoint, without credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Credentials of the account's owner, who may make every call. */
  readonly ownerCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Returns the secret of an access key id. The endpoint verifies signatures with it. */
  secretAccessKey(accessKeyId: string): string;
  /** Returns the session token of a temporary access key (`ASIA…`); empty for other keys. */
  sessionToken(accessKeyId: string): string;
  /**
   * Serves S3 to a request of another server, if its path names a bucket of the template.
   *
   * @param host the host name in presigned URLs, whatever name the request came by.
   * @returns false if the path names no bucket.
   */
  serveObjects(message: IncomingMessage, response: ServerResponse, host: string): boolean;
  /** Connects the endpoint with the functions. Until then, only the owner may call it. */
  setFunctions(functions: FunctionHost): void;
  /** Sets how stack outputs are rewritten to local addresses. */
  setRewrite(rewrite: (value: string) => string): void;
  /** Adds or replaces a service by its IAM prefix. */
  registerService(prefix: string, service: Service): void;
  /**
   * Makes a call of the platform itself (pollers, inspector): without IAM, faults and a record. It supports the
   * services with a JSON protocol: `dynamodb`, `dynamodbstreams`, `sqs`, `kms`, `events`.
   *
   * @throws PlatformCallError if the service rejects the call.
   */
  call(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
  /** Evaluates the policies of a role. Pollers call with the function's role, as in Lambda. */
  mayRole(roleArn: string, action: string, resource: string): AccessDecision;
  /** Customer managed KMS keys by the ARN of the table, queue, topic or bucket that they encrypt. */
  readonly encryptionKeys: ReadonlyMap<string, string>;
  /**
   * Evaluates the policy of a queue, topic, bucket, key or function for an AWS service such as `events.amazonaws.com`.
   */
  mayService(principal: string, action: string, resource: string, sourceArn?: string): AccessDecision;
  /**
   * Calls the listener for each write that a poller may wait for: with `dynamodb` and a table's name, or with `sqs` and
   * a queue's name. The listener runs synchronously.
   *
   * @returns the function that unsubscribes.
   */
  onActivity(listener: (service: 'dynamodb' | 'sqs', name: string) => void): () => void;
  /** Deletes expired items and objects now instead of within the hour. */
  sweepExpired(): Promise<number>;
  /** Resolves when the endpoint has completed all deliveries that it started itself. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface PlatformCallError extends Error {
  /** Such as `ExpiredIteratorException`. */
  readonly code: string;
  readonly status: number;
}

/** Delays that also exist on AWS. Tests shorten them. */
export interface LocalPace {
  /** Milliseconds between two reads of a table's stream; 250 if absent, as Lambda polls four times a second. */
  readonly streamDelayMs?: number;
  /** From a failed message to its next attempt; the queue's visibility timeout if absent. */
  readonly queueRetryAfterMs?: number;
}

export interface LocalRunOptions {
  /** The `cdk.out` to run. */
  readonly assemblyDirectory: string;
  /** The directory of all data of the account. The data survives `kill -9`. */
  readonly dataDirectory: string;
  /** Public port on 127.0.0.1. 0 chooses a free port. */
  readonly port: number;
  /**
   * The origin of a tunnel or proxy to the public port, such as `https://name-3000.app.github.dev`. Requests with other
   * host names than this one and the loopback names are rejected.
   */
  readonly publicUrl?: string;
  readonly faults?: FaultPlan;
  /** Limit of all API requests and posts to connections together; 10,000 a second and a burst of 5,000 if absent. */
  readonly accountRequests?: { readonly perSecond: number; readonly burst: number };
  /**
   * Simulates the SES sandbox: only these addresses and domains, and the template's identities, are verified and can
   * receive mails.
   * https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
   */
  readonly mailSandbox?: { readonly verified: readonly string[] };
  /** Shortens delays for tests. */
  readonly pace?: LocalPace;
  /**
   * Concurrent environments of a function without reserved concurrency; the number of processors, at least 2, if
   * absent. With more, races are more likely and messages slower.
   */
  readonly environmentsPerFunction?: number;
  /**
   * Milliseconds since 1970 for the age and idleness of WebSocket connections; for tests. It must not go back.
   * Functions use the machine's clock.
   */
  readonly connectionClock?: () => number;
  /** Receives messages for the user of the run. */
  readonly log?: (line: string) => void;
}

export interface LocalRun {
  /** `http://127.0.0.1:<port>`, with the socket at `/ws` and the inspector at `/__local`. */
  readonly url: string;
  readonly socketUrl: string;
  readonly assembly: Assembly;
  readonly functions: FunctionHost;
  readonly recorder: Recorder;
  readonly aws: AwsEndpoint;
  /** Resolves when all streams, queues, rules and asynchronous invocations are processed. */
  settled(): Promise<void>;
  /** Ends everything in order and leaves no process behind. */
  stop(): Promise<void>;
}
