import type { BusEvent } from './define-event.ts';
import type { Sink } from './sinks.ts';

type DataPattern = Readonly<Record<string, readonly unknown[]>>;

export interface ConsumerDefinition<Name extends string = string, E extends BusEvent = BusEvent> {
  /** Names the function, queue and rule. The dead-letter queue adds `-dead`. */
  readonly name: Name;
  /** Begins logical ids: a deployed stage must keep it. */
  readonly constructId: string;
  readonly description: string;
  readonly events: readonly E[];
  /** Receives only events of tenants that use this sink. */
  readonly sink?: Sink;
  /**
   * Patterns of which the `data` of events of a type must match one. Events of other types all arrive.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
   */
  readonly filters: Readonly<Partial<Record<E['type'], readonly DataPattern[]>>>;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly batchSize: number;
  /** Keeps a failing vendor from using up the account's concurrency. */
  readonly maxConcurrency: number;
  readonly maxReceiveCount: number;
  /** At least six timeouts of the function, as AWS recommends. */
  readonly retryAfterSeconds: number;
  readonly retentionDays: number;
  /** SQS allows at most 14. */
  readonly deadLetterDays: number;
}

type Defaults = 'constructId' | 'filters' | 'retryAfterSeconds' | keyof typeof defaults;

const defaults = {
  memoryMiB: 256,
  timeoutSeconds: 30,
  batchSize: 10,
  maxConcurrency: 10,
  maxReceiveCount: 5,
  retentionDays: 4,
  deadLetterDays: 14,
} as const;

/** Minimum, in function timeouts. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const timeoutsPerRetry = 6;

export function defineConsumer<const Name extends string, E extends BusEvent>(
  consumer: Omit<ConsumerDefinition<Name, E>, Defaults> & Partial<Pick<ConsumerDefinition, Defaults>>,
): ConsumerDefinition<Name, E> {
  const { name, timeoutSeconds = defaults.timeoutSeconds } = consumer;
  const constructId = name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const retryAfterSeconds = timeoutsPerRetry * timeoutSeconds;
  return Object.freeze({ constructId, retryAfterSeconds, filters: {}, ...defaults, ...consumer });
}
