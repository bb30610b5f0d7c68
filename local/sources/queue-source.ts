import type { Assembly, AwsEndpoint, FunctionHost } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { AdditionalBatches } from './additional-batches.ts';
import { Drain } from './drain.ts';
import { failedItems } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import type { Source } from './source.ts';
import { Waker } from './waker.ts';

export interface QueueSourceOptions {
  readonly assembly: Assembly;
  readonly aws: Pick<AwsEndpoint, 'call' | 'onActivity'>;
  readonly host: FunctionHost;
  readonly mapping: Mapping;
  readonly queueUrl: string;
  readonly log: (line: string) => void;
  /** The queue's visibility timeout if absent. */
  readonly retryAfterMs?: number;
  readonly faults?: FaultPlan;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
  >;
}

/** Messages become visible without an event, so the source must poll. */
const idlePollMs = 1_000;
const receivedAtOnce = 10;

/** The queue itself moves messages to its dead-letter queue. */
export function queueSource(options: QueueSourceOptions): Source {
  return new QueueSource(options);
}

class QueueSource implements Source {
  readonly description: string;
  readonly #options: QueueSourceOptions;
  readonly #queueName: string;
  readonly #waker = new Waker();
  readonly #drain = new Drain();
  readonly #inFlight = new Set<Promise<void>>();
  #retriesDue = 0;
  readonly #concurrency: number;
  readonly #additional: AdditionalBatches<Message>;
  #stopped = false;
  #unsubscribe: (() => void) | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(options: QueueSourceOptions) {
    this.#options = options;
    this.#queueName = options.queueUrl.split('/').at(-1) ?? '';
    // The store gives a message group to one receiver at a time.
    this.#concurrency = this.#queueName.endsWith('.fifo') ? 1 : options.mapping.maximumConcurrency;
    const isOrdered = this.#queueName.endsWith('.fifo');
    this.#additional = new AdditionalBatches(
      isOrdered ? {} : (options.faults ?? {}),
      'queue',
      options.mapping.functionName,
      ({ MessageId }) => MessageId,
    );
    this.description = `queue ${this.#queueName} → ${options.mapping.functionName}`;
  }

  start(): void {
    this.#unsubscribe = this.#options.aws.onActivity((service, name) => {
      if (service === 'sqs' && name === this.#queueName) this.#waker.wake();
    });
    this.#finished = this.#run();
  }

  drained(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const drained = this.#drain.wait();
    this.#waker.wake();
    return drained;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#waker.wake();
    await this.#finished;
    await Promise.all(this.#inFlight);
    this.#drain.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#drain.roundBegins();
      try {
        if (this.#inFlight.size >= this.#concurrency) {
          await Promise.race(this.#inFlight);
          continue;
        }
        const messages = await this.#receive();
        if (messages.length > 0) {
          this.#begin(messages);
          continue;
        }
        if (this.#inFlight.size === 0 && this.#retriesDue === 0) this.#drain.roundFoundNothing();
      } catch (error) {
        this.#options.log(`${this.description}: ${String(error)}`);
      }
      if (!this.#stopped) await this.#waker.sleep(idlePollMs);
    }
  }

  #begin(messages: readonly Message[]): void {
    const work = this.#work(messages)
      .catch((error: unknown) => this.#options.log(`${this.description}: ${String(error)}`))
      .finally(() => {
        this.#inFlight.delete(work);
        this.#waker.wake();
      });
    this.#inFlight.add(work);
  }

  async #receive(): Promise<Message[]> {
    const { batchSize, windowMs } = this.#options.mapping;
    const messages = await this.#receiveOnce(batchSize);
    const until = Date.now() + windowMs;
    while (messages.length > 0 && messages.length < batchSize && !this.#stopped) {
      const more = await this.#receiveOnce(batchSize - messages.length);
      messages.push(...more);
      if (more.length === receivedAtOnce) continue;
      const left = until - Date.now();
      if (left <= 0) break;
      if (more.length === 0) await this.#waker.sleep(left);
    }
    return messages;
  }

  async #receiveOnce(most: number): Promise<Message[]> {
    const answer = await this.#options.aws.call('sqs', 'ReceiveMessage', {
      QueueUrl: this.#options.queueUrl,
      MaxNumberOfMessages: Math.min(receivedAtOnce, most),
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (answer['Messages'] as Message[] | undefined) ?? [];
  }

  async #work(messages: readonly Message[]): Promise<void> {
    const { mapping, host } = this.#options;
    const wanted = messages.filter((message) => mapping.matches(filterView(message)));
    // Excluded messages are deleted.
    const done = messages.filter((message) => !wanted.includes(message));
    if (wanted.length > 0) {
      const bring = (batch: readonly Message[]) => {
        const event = { Records: batch.map((message) => this.#record(message)) };
        return host.invoke(mapping.functionName, event, `queue ${this.#queueName}`);
      };
      const additional = this.#additional.before(wanted);
      if (additional !== undefined) await bring(additional);
      const outcome = await bring(wanted);
      if (outcome.kind === 'returned') {
        const messageIds = new Set(wanted.map(({ MessageId }) => MessageId));
        const failed = mapping.reportsItems ? failedItems(outcome.payload, messageIds) : new Set<string>();
        if (failed !== 'all') done.push(...wanted.filter(({ MessageId }) => !failed.has(MessageId)));
      }
    }
    for (const message of messages) {
      if (done.includes(message)) await this.#call('DeleteMessage', message, {});
      else if (this.#options.retryAfterMs !== undefined) this.#retry(message, this.#options.retryAfterMs);
    }
  }

  #retry(message: Message, afterMs: number): void {
    this.#retriesDue += 1;
    const timer = setTimeout(() => {
      void this.#call('ChangeMessageVisibility', message, { VisibilityTimeout: 0 })
        // The message is visible already.
        .catch(() => undefined)
        .finally(() => {
          this.#retriesDue -= 1;
          this.#waker.wake();
        });
    }, afterMs);
    timer.unref();
  }

  async #call(operation: string, message: Message, input: object): Promise<void> {
    const { aws, queueUrl } = this.#options;
    await aws.call('sqs', operation, { QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle, ...input });
  }

  #record(message: Message): object {
    const { mapping, assembly } = this.#options;
    const messageAttributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
      name,
      {
        ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
        ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: attribute.DataType,
      },
    ]);
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(messageAttributes) as object,
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: mapping.sourceArn,
      awsRegion: assembly.region,
    };
  }
}

/** Filters match a JSON body by its members. */
function filterView(message: Message): object {
  try {
    return { body: JSON.parse(message.Body) as unknown };
  } catch {
    return { body: message.Body };
  }
}
