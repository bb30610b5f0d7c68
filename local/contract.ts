/**
 * The seams of the local run: what its parts promise one another.
 *
 * The local run reads a synthesised cloud assembly (`cdk.out`) and behaves like the AWS account that the assembly
 * would have created. It knows AWS and knows nothing of what the functions do.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultPlan } from './fault-plan.ts';

/** A resource of the synthesised templates with every intrinsic function resolved. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Ref` gives: a table's name, a function's name, an API's id, a queue's URL … */
  readonly physicalId: string;
  /** What `Fn::GetAtt Arn` gives, where the type has one. */
  readonly arn?: string;
}

/** A whole assembly: all stacks, in the order in which they would be deployed. */
export interface Assembly {
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly resources: readonly Resource[];
  /** Stack outputs by stack name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  ofType(type: string): readonly Resource[];
  byArn(arn: string): Resource | undefined;
  /** The directory or file of an asset, by the S3 object key that the template names. */
  asset(objectKey: string): string | undefined;
}

/** A function of the template, as the function host needs it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly codeDirectory: string;
  /** `index.handler` style. */
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
  /** The environment died: a fault plan killed it, or the process exited. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** Invokes functions synchronously (`RequestResponse`) in environments that are reused, one invocation at a time each. */
export interface FunctionHost {
  readonly definitions: readonly FunctionDefinition[];
  invoke(functionName: string, event: unknown, trigger: string): Promise<InvocationOutcome>;
  /**
   * Accepts an asynchronous invocation (`InvocationType: Event`) and returns at once. A failing one is retried as the
   * function's settings say (twice by default), then goes to its failure destination or dead-letter queue. Accepted
   * invocations survive a restart. Bus rules, schedules, topics and `Invoke` with type `Event` use them.
   */
  invokeEvent(functionName: string, event: unknown, trigger: string): void;
  /** The environment that signs with this access key id, and what it is working on. */
  caller(accessKeyId: string): Caller | undefined;
  /** Ends an environment at once, as a crash would: its invocation's outcome is `crashed`. */
  kill(accessKeyId: string, reason: string): void;
  /** Drops all warm environments, or those of one function, so that the next invocations are cold. Waits for running ones. */
  recycle(functionName?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Who makes an AWS call. */
export interface Caller {
  readonly functionName: string;
  readonly roleArn: string;
  readonly environmentId: string;
  /** Absent while the environment initialises. */
  readonly invocationId?: string;
  /** Session tags of assumed-role credentials (`aws:PrincipalTag/…`). */
  readonly sessionTags?: Readonly<Record<string, string>>;
}

/** One AWS call as the endpoint saw it. Times are `performance.now()` milliseconds of this process. */
export interface AwsCall {
  readonly id: number;
  readonly functionName: string;
  readonly environmentId: string;
  readonly invocationId?: string;
  /** IAM service prefix: `dynamodb`, `kms`, `execute-api`, `events`, `sqs`, `ses` … */
  readonly service: string;
  /** API operation: `PutItem`, `PostToConnection` … */
  readonly operation: string;
  readonly resource: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly error?: string;
  /** Who may not do what to which resource, if access control refused the call. */
  readonly denial?: string;
  /** DynamoDB capacity consumed, as the engine reported it. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** What a fault plan did to this call. */
  readonly fault?: Fault['kind'];
}

/** One invocation of a function. */
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

/** Keeps the newest invocations, calls, bus events, mails and pushes (a bounded ring of each), for the inspector, tests and bench. */
export interface Recorder {
  call(call: AwsCall): void;
  invocation(record: InvocationRecord): void;
  sink(kind: 'mail' | 'push' | 'event', entry: Readonly<Record<string, unknown>>): void;
  /** Calls with an id greater than `since`, oldest first. */
  calls(since?: number): readonly AwsCall[];
  invocations(): readonly InvocationRecord[];
  sinks(kind: 'mail' | 'push' | 'event'): readonly Readonly<Record<string, unknown>>[];
  /** Forgets what was recorded so far. */
  clear(): void;
}

/** A service behind the AWS endpoint: gets a call that IAM has allowed and answers it. */
export interface ServiceRequest {
  readonly operation: string;
  readonly method: string;
  /**
   * The path as the service sees it. For `execute-api` (`@connections`) it is
   * `/<api id>/<stage>/@connections/<connection id, still percent-encoded>`.
   */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The parsed body of services with a JSON body, the form fields of those with a query protocol, else empty. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent when the account's owner or the platform itself calls. */
  readonly caller: Caller | undefined;
  /** The key that signed the call; absent for unsigned calls and for the platform's own. */
  readonly accessKeyId?: string;
  /** A fault plan wants every second entry of a batch to fail. */
  readonly partialFailure?: boolean;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** DynamoDB capacity that the call consumed. */
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** The error's code, where the endpoint need not look for it in the body. */
  readonly errorCode?: string;
}

export type Service = (request: ServiceRequest) => Promise<ServiceResponse>;

/** The one loopback endpoint that all SDK clients of the functions (and of the command line) talk to. */
export interface AwsEndpoint {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Environment variables that point an SDK at this endpoint (`AWS_ENDPOINT_URL`, region …), without credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Credentials of the account's owner: every call is allowed. For the command line and tests. */
  readonly ownerCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * The secret that belongs to an access key id of this run. Environments must be given this one: every signature is
   * verified with it.
   */
  secretAccessKey(accessKeyId: string): string;
  /** The session token that belongs to a temporary access key (`ASIA…`); empty for other keys. */
  sessionToken(accessKeyId: string): string;
  /**
   * Serves S3 to a request that another server received, if its path names a bucket of the template.
   *
   * @param host the name with which presigned URLs were signed, whatever name the request came by.
   * @returns false if the path names no bucket.
   */
  serveObjects(message: IncomingMessage, response: ServerResponse, host: string): boolean;
  /** Tells the endpoint who its callers are and what to invoke. Until then only the owner may call. */
  setFunctions(functions: FunctionHost): void;
  /** Rewrites AWS addresses in what the platform shows (stack outputs); set once the public port is known. */
  setRewrite(rewrite: (value: string) => string): void;
  /** Adds or replaces a service by its IAM prefix, e.g. `execute-api`. */
  registerService(prefix: string, service: Service): void;
  /**
   * A call by the platform itself (pollers, inspector): in this process, with no IAM, no faults and no record.
   * For the services with a JSON protocol: `dynamodb`, `dynamodbstreams`, `sqs`, `kms`, `events`. Input and output are
   * those of the operation (`Records`, `Messages` …). Refusals throw {@link PlatformCallError}.
   */
  call(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
  /** Would IAM let this role do this? Pollers ask with the function's role, as Lambda polls with it. */
  mayRole(roleArn: string, action: string, resource: string): AccessDecision;
  /** Customers' KMS keys by the ARN of the table, queue, topic or bucket that they encrypt. */
  readonly encryptionKeys: ReadonlyMap<string, string>;
  /**
   * Would the resource's own policy (queue, topic, bucket, key policy, Lambda permission) let this AWS service do this?
   * `events.amazonaws.com`, `apigateway.amazonaws.com`, `sns.amazonaws.com`, `s3.amazonaws.com`, `scheduler.amazonaws.com`.
   */
  mayService(principal: string, action: string, resource: string, sourceArn?: string): AccessDecision;
  /**
   * Hears of every successful write that a poller may wait for: `dynamodb` with the table's name, `sqs` with the
   * queue's name (SendMessage, SNS and EventBridge deliveries, redrive). Called synchronously: do little. Returns the
   * unsubscribe function.
   */
  onActivity(listener: (service: 'dynamodb' | 'sqs', name: string) => void): () => void;
  /** Deletes expired DynamoDB items now; AWS and the local run do so some time after they expired. */
  sweepExpired(): Promise<number>;
  /** Resolves when no bus, topic or asynchronous delivery of the endpoint's own is under way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** A refusal of {@link AwsEndpoint.call}. */
export interface PlatformCallError extends Error {
  /** The service's error code: `ResourceNotFoundException`, `ExpiredIteratorException` … */
  readonly code: string;
  readonly status: number;
}

/** Delays that AWS has too. Tests shorten them. */
export interface LocalPace {
  /** Milliseconds between two reads of a table's stream; 250 if absent, as Lambda polls four times a second. */
  readonly streamDelayMs?: number;
  /** From a function's failure on a message to the next attempt; the queue's visibility timeout if absent. */
  readonly queueRetryAfterMs?: number;
}

export interface LocalRunOptions {
  /** Where `cdk.out` is. */
  readonly assemblyDirectory: string;
  /** Where data lives; survives `kill -9`. */
  readonly dataDirectory: string;
  /** Public port on 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  /**
   * The origin by which browsers reach the public port through a tunnel or proxy, such as
   * `https://name-3000.app.github.dev`; `http://127.0.0.1:<port>` if absent. Only this name and those of the loopback
   * interface are answered.
   */
  readonly publicUrl?: string;
  readonly faults?: FaultPlan;
  /** Limit of all API requests and posts to connections together; 10,000 a second and a burst of 5,000 if absent. */
  readonly accountRequests?: { readonly perSecond: number; readonly burst: number };
  /**
   * Simulates the SES sandbox: only these addresses and domains, and the template's identities, are verified and can
   * receive mails. If absent, the account is outside the sandbox.
   * https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
   */
  readonly mailSandbox?: { readonly verified: readonly string[] };
  /** Shortens delays that AWS has too; for tests. */
  readonly pace?: LocalPace;
  /**
   * Concurrent environments of a function without reserved concurrency; the number of processors, at least 2, if
   * absent. More make races more likely, and every message slower.
   */
  readonly environmentsPerFunction?: number;
  /**
   * Milliseconds since 1970, by which WebSocket APIs tell how long a connection is open and idle; for tests. It must not
   * go back. Functions have the machine's own clock.
   */
  readonly connectionClock?: () => number;
  /** Progress for people. */
  readonly log?: (line: string) => void;
}

export interface LocalRun {
  /** `http://127.0.0.1:<port>`; the socket is at `/ws`, the inspector at `/__local`. */
  readonly url: string;
  readonly socketUrl: string;
  readonly assembly: Assembly;
  readonly functions: FunctionHost;
  readonly recorder: Recorder;
  readonly aws: AwsEndpoint;
  /** Resolves when streams, queues, rules and asynchronous invocations have nothing left to do. */
  settled(): Promise<void>;
  /** Ends everything in order; no process is left behind. */
  stop(): Promise<void>;
}
