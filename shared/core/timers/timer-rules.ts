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
