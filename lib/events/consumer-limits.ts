import { type ConsumerDefinition, timeoutsPerRetry } from '../../shared/contract/kit/define-consumer.ts';

type Bounds = readonly [least: number, most: number];

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const bounds = {
  memoryMiB: [128, 10_240],
  timeoutSeconds: [1, 900],
  // Lambda accepts more only with a batching window.
  batchSize: [1, 10],
  maxConcurrency: [2, 1000],
  maxReceiveCount: [1, 1000],
  retryAfterSeconds: [0, 43_200],
  retentionDays: [1, 14],
  deadLetterDays: [1, 14],
} as const satisfies Partial<Record<keyof ConsumerDefinition, Bounds>>;

const secondsPerDay = 24 * 60 * 60;

/** Of a function that reads a queue. */
export type QueueSettings = Pick<ConsumerDefinition, keyof typeof bounds>;

export function consumerComplaints(consumer: ConsumerDefinition): string[] {
  return [...queueComplaints(consumer), ...(consumer.events.length === 0 ? ['events is empty'] : [])];
}

export function queueComplaints(settings: QueueSettings): string[] {
  const complaints = Object.entries(bounds).flatMap(([field, [least, most]]) => {
    const value = settings[field as keyof typeof bounds];
    const isWithin = Number.isInteger(value) && value >= least && value <= most;
    return isWithin ? [] : [`${field} is ${value} and must be a whole number from ${least} to ${most}`];
  });
  const { timeoutSeconds, retryAfterSeconds, maxReceiveCount, retentionDays, deadLetterDays } = settings;
  const shortest = timeoutsPerRetry * timeoutSeconds;
  if (retryAfterSeconds < shortest) {
    complaints.push(`retryAfterSeconds is ${retryAfterSeconds} and must be at least ${shortest}, six timeouts`);
  }
  if (retryAfterSeconds * maxReceiveCount >= retentionDays * secondsPerDay) {
    complaints.push(
      'retentionDays must be longer than all attempts, or SQS deletes a failing event before the last one',
    );
  }
  // A message keeps its original arrival time.
  if (deadLetterDays < retentionDays)
    complaints.push(`deadLetterDays must be at least retentionDays, ${retentionDays}`);
  return complaints;
}
