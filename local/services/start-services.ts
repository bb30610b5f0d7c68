import type { Assembly, FunctionHost, PendingTimer, Recorder, Service, ServiceRequest, Timers } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import type { Identities } from '../endpoint/identities.ts';
import type { SigningKeys } from '../endpoint/signing-keys.ts';
import type { WorkUnderWay } from '../endpoint/work-under-way.ts';
import type { AccessControl } from '../iam/access-control.ts';
import type { AccessOf, CallAccess } from '../iam/aws-call.ts';
import { dynamoDbAccess } from '../iam/dynamodb-access.ts';
import { encryptionKeys, withEncryption } from '../iam/encryption-access.ts';
import { kmsAccess } from '../iam/kms-access.ts';
import { eventsAccess, snsAccess, sqsAccess, stsAccess } from '../iam/message-access.ts';
import { BucketEncryption, withObjectEncryption } from '../iam/object-encryption.ts';
import type { AccessRequest } from '../iam/policies.ts';
import { connectionsAccess, lambdaAccess, s3Access, schedulerAccess, sesAccess } from '../iam/rest-access.ts';
import type { RunClock } from '../run-clock.ts';
import { discardLogs, discardMetrics, discardTraces } from './discarding-services.ts';
import { startDynamoDb } from './dynamodb/dynamodb-service.ts';
import type { DynamoDb } from './dynamodb/dynamodb-service.ts';
import { startEventBuses } from './events/event-bus-service.ts';
import { startKms } from './kms/kms-service.ts';
import type { Kms } from './kms/kms-service.ts';
import { lambdaService } from './lambda-service.ts';
import { mailEvents } from './mail-events.ts';
import { mailIdentities } from './mail-identities.ts';
import type { MailIdentities } from './mail-identities.ts';
import { mailService } from './mail-service.ts';
import { openMessageStores } from './messaging/message-stores.ts';
import type { MessageStores } from './messaging/message-stores.ts';
import { openPushEndpoints } from './messaging/push-endpoints.ts';
import { type Queues, startQueues } from './messaging/queue-service.ts';
import { startTopics } from './messaging/topic-service.ts';
import { expireObjects } from './s3/lifecycle.ts';
import { startObjects } from './s3/object-service.ts';
import type { Objects } from './s3/object-service.ts';
import { storedEncryption } from './s3/stored-encryption.ts';
import { ServiceError } from './responses.ts';
import { type Scheduler, startScheduler } from './scheduler/scheduler-service.ts';
import { openSinks } from './sinks.ts';
import { stackService } from './stack-service.ts';
import { stsService } from './sts-service.ts';

export interface ServiceOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
  readonly identities: Identities;
  readonly clock: RunClock;
  readonly keys: SigningKeys;
  readonly control: AccessControl;
  readonly work: WorkUnderWay;
  readonly announce: (service: 'dynamodb' | 'sqs', name: string) => void;
  readonly mailSandbox?: { readonly verified: readonly string[] } | undefined;
  readonly url: string;
  readonly functions: () => FunctionHost | undefined;
  readonly rewrite: (value: string) => string;
}

export interface Services {
  readonly byPrefix: Map<string, Service>;
  readonly accessOf: (prefix: string, request: Omit<ServiceRequest, 'caller'>) => CallAccess;
  readonly crossOriginHeaders: Objects['crossOriginHeaders'];
  readonly sweepExpired: () => Promise<number>;
  readonly timers: Timers;
  stop(): Promise<void>;
}

export async function startServices(options: ServiceOptions): Promise<Services> {
  const { assembly, dataDirectory } = options;
  const kms = startKms(assembly, dataDirectory);
  const opening = openMessageStores(dataDirectory, assembly.region);
  const starting = startDynamoDb({
    assembly,
    dataDirectory,
    endpoint: process.env['DYNAMODB_ENDPOINT'],
    wrote: (table) => options.announce('dynamodb', table),
    faults: options.faults,
  });
  const [opened, started] = await Promise.allSettled([opening, starting]);
  if (opened.status === 'rejected' || started.status === 'rejected') {
    // A failed start must not leave the other part running.
    if (opened.status === 'fulfilled') opened.value.close();
    if (started.status === 'fulfilled') await started.value.stop();
    throw started.status === 'rejected' ? started.reason : (opened as PromiseRejectedResult).reason;
  }
  const stores = opened.value;
  const dynamoDb = started.value;
  const senders = mailIdentities(assembly, options.mailSandbox);
  const access = accessOfServices(assembly, dynamoDb, kms, stores, senders);
  // S3 checks daily; a laptop seldom runs then.
  const lifecycle = setInterval(() => expireObjects(assembly, stores.objects, Date.now()), 60 * 60_000).unref();
  const { byPrefix, objects, queues, scheduler } = serveAll(options, stores, dynamoDb, kms, senders);
  return {
    byPrefix,
    crossOriginHeaders: (request) => objects.crossOriginHeaders(request),
    accessOf: (prefix, request) => {
      const derive = access[prefix];
      if (derive !== undefined) return derive(request);
      const action = `${actionPrefixes[prefix] ?? prefix}:${request.operation}`;
      return { requests: [{ action, resource: '*', lookup: () => undefined }], resource: '*' };
    },
    sweepExpired: async () => expireObjects(assembly, stores.objects, Date.now()) + (await dynamoDb.sweepExpired()),
    timers: timersOf(options.clock, queues, scheduler),
    stop: async () => {
      clearInterval(lifecycle);
      scheduler.stop();
      stores.close();
      await dynamoDb.stop();
    },
  };
}

/** Where they differ from the signature's service. */
const actionPrefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

function accessOfServices(
  assembly: Assembly,
  dynamoDb: DynamoDb,
  kms: Kms,
  stores: MessageStores,
  senders: MailIdentities,
): Readonly<Record<string, AccessOf>> {
  return {
    dynamodb: withEncryption('dynamodb', dynamoDbAccess(assembly, dynamoDb.tables), assembly),
    kms: kmsAccess(assembly, (input) => kms.keyArn(input)),
    sqs: withEncryption('sqs', sqsAccess(assembly), assembly),
    sns: withEncryption('sns', snsAccess, assembly),
    s3: withObjectEncryption(s3Access, new BucketEncryption(assembly), storedEncryption(stores.objects)),
    events: eventsAccess(assembly),
    scheduler: schedulerAccess(assembly),
    sts: stsAccess,
    ses: sesAccess(assembly, senders),
    lambda: lambdaAccess(assembly),
    'execute-api': connectionsAccess(assembly),
  };
}

function serveAll(
  options: ServiceOptions,
  stores: MessageStores,
  dynamoDb: DynamoDb,
  kms: Kms,
  senders: MailIdentities,
): {
  readonly byPrefix: Map<string, Service>;
  readonly objects: Objects;
  readonly queues: Queues;
  readonly scheduler: Scheduler;
} {
  const { assembly, dataDirectory, recorder, faults, identities, control, work, functions, rewrite } = options;
  const { region, accountId } = assembly;
  const sinks = openSinks(dataDirectory, recorder);
  const sent = (queue: string): void => options.announce('sqs', queue);
  const queues = startQueues({ assembly, stores, url: options.url, sent });
  const push = openPushEndpoints({ dataDirectory, region, accountId, pushed: sinks.push });
  const topics = startTopics({ assembly, stores, control, push, functions, sent, mailed: sinks.mail });
  const publish = (topicArn: string, message: string): void => {
    work.follow(topics(ownRequest('Publish', { TopicArn: topicArn, Message: message })));
  };
  const encryption = encryptionKeys(assembly);
  const buses = startEventBuses({
    ...{ assembly, dataDirectory, control, queues, keys: encryption, publish, functions, recorder, faults },
  });
  const mails = mailEvents(assembly, buses.announce);
  const scheduler = startScheduler({ assembly, dataDirectory, control, queues, clock: options.clock });
  const tokenOf = (accessKeyId: string): string | undefined => identities.sessionToken(accessKeyId);
  const judge = (accessKeyId: string, request: AccessRequest): string | undefined =>
    refusalOfSigner(identities, control, accessKeyId, request);
  const objects = startObjects({ assembly, stores, rewrite, keys: options.keys, tokenOf, judge });
  const byPrefix = new Map<string, Service>([
    ['dynamodb', dynamoDb.service],
    ['kms', kms.service],
    ['sqs', queues.service],
    ['sns', topics],
    ['s3', objects.service],
    ['events', buses.service],
    ['scheduler', scheduler.service],
    ['sts', stsService(assembly, identities)],
    ['ses', mailService({ identities: senders, events: mails, region, mailed: sinks.mail })],
    ['lambda', lambdaService(functions)],
    ['cloudformation', stackService(assembly, rewrite)],
    ['monitoring', discardMetrics],
    ['xray', discardTraces],
    ['logs', discardLogs],
  ]);
  return { byPrefix, objects, queues, scheduler };
}

function timersOf(clock: RunClock, queues: Queues, scheduler: Scheduler): Timers {
  const byDueTime = (one: PendingTimer, other: PendingTimer): number => one.dueAt - other.dueAt;
  return {
    get clockOffsetMs() {
      return clock.offsetMs;
    },
    pending: () => {
      const messages = queues.pending().map((timer) => ({ ...timer, dueAt: timer.dueAt + clock.offsetMs }));
      return [...messages, ...scheduler.pending()].sort(byDueTime);
    },
    advance: (milliseconds) => {
      clock.advance(milliseconds);
      queues.advance(milliseconds);
      scheduler.fireDue();
    },
  };
}

function ownRequest(operation: string, input: Readonly<Record<string, unknown>>): ServiceRequest {
  const query = new URLSearchParams();
  const body = Buffer.alloc(0);
  return { operation, method: 'POST', path: '/', query, headers: {}, body, input, caller: undefined };
}

/** For signers that the endpoint does not verify (forms). */
function refusalOfSigner(
  identities: Identities,
  control: AccessControl,
  accessKeyId: string,
  request: AccessRequest,
): string | undefined {
  const signer = identities.find(accessKeyId);
  if (signer.kind === 'owner') return undefined;
  if (signer.kind === 'expired') throw new ServiceError('ExpiredToken', 'The provided token has expired.', 400);
  if (signer.kind !== 'function') throw new ServiceError('InvalidAccessKeyId', 'The access key does not exist.', 403);
  const decision = control.decide(signer.identity, request);
  return decision.allowed ? undefined : decision.reason;
}
