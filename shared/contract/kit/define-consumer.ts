import type { BusEvent } from './define-event.ts';

/** A function that handles events of the bus, behind a queue of its own. */
export interface ConsumerDefinition<Name extends string = string, E extends BusEvent = BusEvent> {
  /** The name of the function, its queue and its rule. The dead-letter queue has this name with `-dead`. */
  readonly name: Name;
  /** The beginning of the logical ids of its resources. A deployed stage must keep it. */
  readonly constructId: string;
  readonly description: string;
  readonly events: readonly E[];
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Events of one invocation. */
  readonly batchSize: number;
  /** Invocations at the same time, so that a failing vendor does not use up the account's concurrency. */
  readonly maxConcurrency: number;
  /** Attempts before an event goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** Time from one attempt to the next: at least six times the function's timeout, as AWS recommends. */
  readonly retryAfterSeconds: number;
  /** How long the queue keeps an event that was not handled. */
  readonly retentionDays: number;
  /** How long the dead-letter queue keeps an event. SQS allows at most 14 days. */
  readonly deadLetterDays: number;
}

type Defaults = 'constructId' | 'retryAfterSeconds' | keyof typeof defaults;

const defaults = {
  memoryMiB: 256,
  timeoutSeconds: 30,
  batchSize: 10,
  maxConcurrency: 10,
  maxReceiveCount: 5,
  retentionDays: 4,
  deadLetterDays: 14,
} as const;

/**
 * The least time from one attempt to the next, in timeouts of the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const timeoutsPerRetry = 6;

/** Defines one consumer as a frozen value, from which its function, queue, rule and alarms are derived. */
export function defineConsumer<const Name extends string, E extends BusEvent>(
  consumer: Omit<ConsumerDefinition<Name, E>, Defaults> & Partial<Pick<ConsumerDefinition, Defaults>>,
): ConsumerDefinition<Name, E> {
  const { name, timeoutSeconds = defaults.timeoutSeconds } = consumer;
  const constructId = name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const retryAfterSeconds = timeoutsPerRetry * timeoutSeconds;
  return Object.freeze({ constructId, retryAfterSeconds, ...defaults, ...consumer });
}
