import { join } from 'node:path';

export interface StoredMessage {
  readonly messageId: string;
}

export interface DelayedMessage {
  readonly body: string;
  /** Milliseconds since 1970. */
  delayUntil?: number;
}

export interface StoredQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of a standard queue. */
  readonly delayedMessages: readonly DelayedMessage[];
  persistence: unknown;
  setAttributes(attributes: Readonly<Record<string, string>>): void;
  enqueue(message: StoredMessage): void;
  isFifo(): boolean;
  checkDeduplication(id: string): { readonly isDuplicate: boolean };
  recordDeduplication(id: string, messageId: string, sequenceNumber?: string): void;
  nextSequenceNumber(): string;
}

export interface QueueStore {
  region: string;
  persistence: unknown;
  getQueueByArn(arn: string): StoredQueue | undefined;
  createQueue(name: string, url: string, arn: string, attributes: Readonly<Record<string, string>>): StoredQueue;
  allQueues(): Iterable<StoredQueue>;
  shutdown(): void;
}

export interface StoredSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TopicStore {
  region: string;
  persistence: unknown;
  createTopic(name: string, attributes: object, tags: undefined, region: string): { readonly arn: string };
  getTopic(arn: string): { readonly subscriptionArns: readonly string[] } | undefined;
  getSubscription(arn: string): StoredSubscription | undefined;
  subscribe(topicArn: string, protocol: string, endpoint: string, attributes: object): unknown;
  unsubscribe(arn: string): boolean;
}

export interface ObjectStore {
  persistence: unknown;
  createBucket(name: string): void;
  /** @throws if there is no such object. */
  headObject(bucket: string, key: string): StoredObject;
  deleteObject(bucket: string, key: string): void;
  listObjects(
    bucket: string,
    options: { readonly prefix?: string; readonly maxKeys?: number; readonly startAfter?: string },
  ): { readonly objects: readonly StoredObject[]; readonly isTruncated: boolean };
}

export interface StoredObject {
  readonly key: string;
  readonly lastModified: Date;
  readonly contentLength: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;
export type QueueAction = (input: Fields, store: QueueStore, request: { headers: object }) => unknown;
export type TopicAction = (
  input: Fields,
  topics: TopicStore,
  queues: QueueStore,
  request: { headers: object },
) => string | Promise<string>;
export type ObjectAction = (
  request: {
    readonly params: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  },
  reply: object,
  store: ObjectStore,
) => void;
export type AttributeFilter = (policy: unknown, attributes: unknown) => boolean;

export interface MessageStores {
  readonly queues: QueueStore;
  readonly topics: TopicStore;
  readonly objects: ObjectStore;
  queueAction(operation: string): Promise<QueueAction | undefined>;
  topicAction(operation: string): Promise<TopicAction | undefined>;
  /** Throws errors with `code` and `statusCode`. */
  putObject(): Promise<ObjectAction>;
  makeMessage(
    body: string,
    attributes?: object,
    delaySeconds?: number,
    groupId?: string,
    deduplicationId?: string,
  ): StoredMessage;
  readonly matchesAttributes: AttributeFilter;
  readonly matchesBody: (policy: unknown, body: string) => boolean;
  close(): void;
}

/** Omits fauxqs's own server, which listens on every interface. */
export async function openMessageStores(dataDirectory: string, region: string): Promise<MessageStores> {
  const load = moduleLoader();
  const [queueModule, topicModule, objectModule, persistenceModule, fileModule, filterModule] = await Promise.all([
    load<{ SqsStore: QueueStoreClass }>('sqs/sqsStore.js'),
    load<{ SnsStore: new () => TopicStore }>('sns/snsStore.js'),
    load<{ S3Store: new () => ObjectStore }>('s3/s3Store.js'),
    load<{ PersistenceManager: new (directory: string) => MessagePersistence }>('persistence.js'),
    load<{ FileS3Persistence: new (directory: string) => ObjectPersistence }>('s3/fileS3Persistence.js'),
    load<{ matchesFilterPolicy: AttributeFilter; matchesFilterPolicyOnBody: MessageStores['matchesBody'] }>(
      'sns/filter.js',
    ),
  ]);
  const queues = new queueModule.SqsStore();
  const topics = new topicModule.SnsStore();
  const objects = new objectModule.S3Store();
  queues.region = region;
  topics.region = region;

  const messages = new persistenceModule.PersistenceManager(join(dataDirectory, 'messages'));
  // Only a power failure can lose the last messages. A send costs a fiftieth (measured).
  messages.db.exec('PRAGMA synchronous = NORMAL');
  mendVisibility(messages);
  // The earlier run's receivers are gone.
  messages.db.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  messages.loadSqsAndSns(queues, topics);
  const files = new fileModule.FileS3Persistence(join(dataDirectory, 'objects'));
  files.loadS3(objects);
  // Loaded data must not be written again.
  queues.persistence = messages;
  topics.persistence = messages;
  objects.persistence = files;
  for (const queue of queues.allQueues()) queue.persistence = messages;

  return {
    queues,
    topics,
    objects,
    queueAction: (operation) => loadAction<QueueAction>(load, 'sqs/actions', queueModules, operation),
    topicAction: (operation) => loadAction<TopicAction>(load, 'sns/actions', topicModules, operation),
    putObject: async () => (await load<{ putObject: ObjectAction }>('s3/actions/putObject.js')).putObject,
    makeMessage: (...parts) => queueModule.SqsStore.createMessage(...parts),
    matchesAttributes: filterModule.matchesFilterPolicy,
    matchesBody: filterModule.matchesFilterPolicyOnBody,
    close: () => {
      queues.shutdown();
      messages.close();
      files.close();
    },
  };
}

interface QueueStoreClass {
  new (): QueueStore;
  createMessage: MessageStores['makeMessage'];
}

/**
 * fauxqs 2.4.1 clears the receive count of a message that becomes visible at once, which its table forbids. The redrive
 * needs the count.
 */
function mendVisibility(messages: MessagePersistence): void {
  const ready = messages.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  messages.updateMessageReady = (messageId) => void ready.run(messageId);
}

interface MessagePersistence {
  readonly db: { exec(statement: string): void; prepare(statement: string): { run(...values: string[]): unknown } };
  updateMessageReady: (messageId: string) => void;
  loadSqsAndSns(queues: QueueStore, topics: TopicStore): void;
  close(): void;
}

interface ObjectPersistence {
  loadS3(objects: ObjectStore): void;
  close(): void;
}

type Load = <Module>(path: string) => Promise<Module>;

/** The package exports its server only. */
function moduleLoader(): Load {
  const entry = import.meta.resolve('fauxqs');
  return async <Module>(path: string) => (await import(new URL(path, entry).href)) as Module;
}

const queueModules: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'CreateQueue',
    'DeleteMessage',
    'DeleteMessageBatch',
    'DeleteQueue',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ListQueueTags',
    'ListQueues',
    'PurgeQueue',
    'ReceiveMessage',
    'SendMessage',
    'SendMessageBatch',
    'SetQueueAttributes',
    'TagQueue',
    'UntagQueue',
  ].map((operation) => [operation, `${lowerFirst(operation)}.js`]),
);

const topicModules: Readonly<Record<string, string>> = {
  CreateTopic: 'createTopic.js',
  DeleteTopic: 'deleteTopic.js',
  GetSubscriptionAttributes: 'getSubscriptionAttributes.js',
  GetTopicAttributes: 'getTopicAttributes.js',
  ListSubscriptions: 'listSubscriptions.js',
  ListSubscriptionsByTopic: 'listSubscriptions.js',
  ListTopics: 'listTopics.js',
  Publish: 'publish.js',
  PublishBatch: 'publish.js',
  SetSubscriptionAttributes: 'setSubscriptionAttributes.js',
  SetTopicAttributes: 'setTopicAttributes.js',
  Subscribe: 'subscribe.js',
  TagResource: 'tagResource.js',
  Unsubscribe: 'unsubscribe.js',
};

async function loadAction<Action>(
  load: Load,
  folder: string,
  modules: Readonly<Record<string, string>>,
  operation: string,
): Promise<Action | undefined> {
  const file = modules[operation];
  if (file === undefined) return undefined;
  return (await load<Readonly<Record<string, Action>>>(`${folder}/${file}`))[lowerFirst(operation)];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
