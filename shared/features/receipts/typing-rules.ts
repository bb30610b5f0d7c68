export interface PassedOn {
  readonly isStart: boolean;
  /** Start of the interval, in milliseconds since the epoch. */
  readonly since: number;
}

export const typingIntervalMs = 2000;
export const viewingIntervalMs = 10_000;

/**
 * Passes on at most one start in an interval, and the stop after it.
 * @returns the event to keep, or undefined if it is not passed on.
 */
export function passOn(
  last: PassedOn | undefined,
  isStart: boolean,
  now: number,
  intervalMs: number,
): PassedOn | undefined {
  if (last === undefined || now - last.since >= intervalMs) return { isStart, since: now };
  return last.isStart && !isStart ? { isStart, since: last.since } : undefined;
}
