/** Milliseconds since the epoch, in the attribute `wakeAttribute`. Another value replaces the timer. */
export interface Timed {
  readonly wakeAt?: number | undefined;
}

export function isDue({ wakeAt }: Timed, at: number): boolean {
  return wakeAt !== undefined && wakeAt <= at;
}

/** Announces that an item may be due. */
export interface WakeUp {
  readonly tenantId: string;
  /** Without the tenant's prefix. */
  readonly pk: string;
  readonly sk: string;
  readonly wakeAt: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html */
export const longestDelaySeconds = 900;

/** Rounds up, because an early wake-up costs a second message. At most {@link longestDelaySeconds}. */
export function delaySeconds({ wakeAt }: Pick<WakeUp, 'wakeAt'>, at: number): number {
  return Math.min(longestDelaySeconds, Math.max(0, Math.ceil((wakeAt - at) / 1000)));
}

/** Later wake-ups need a schedule. */
export function isWithinDelay({ wakeAt }: Pick<WakeUp, 'wakeAt'>, at: number): boolean {
  return wakeAt - at <= longestDelaySeconds * 1000;
}

/**
 * A schedule fires up to 60 s late, and its message needs time too.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const scheduledEarlyMs = 90_000;

/** In whole seconds. */
export function scheduledAt({ wakeAt }: Pick<WakeUp, 'wakeAt'>): number {
  return Math.floor((wakeAt - scheduledEarlyMs) / 1000) * 1000;
}

/** Escalations may not be later. */
const promisedMs = 5000;

export function isLate({ wakeAt }: Pick<WakeUp, 'wakeAt'>, at: number): boolean {
  return at - wakeAt > promisedMs;
}

const quickRetries = 10;
const longestRetrySeconds = 60;

/**
 * A short failure must not delay an escalation, and a long one must not use up all attempts.
 * @param receives - how often the wake-up was received, from 1.
 */
export function retryDelaySeconds(receives: number): number {
  return Math.min(longestRetrySeconds, 2 ** Math.max(0, receives - quickRetries));
}
