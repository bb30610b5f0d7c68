export interface PassedOn {
  readonly typing: boolean;
  /** Start of the interval, in milliseconds since the epoch. */
  readonly since: number;
}

export const typingIntervalMs = 2000;

/**
 * Passes on at most one start in two seconds, and the stop after it.
 * @returns the event to keep, or undefined if it is not passed on.
 */
export function passOn(last: PassedOn | undefined, typing: boolean, now: number): PassedOn | undefined {
  if (last === undefined || now - last.since >= typingIntervalMs) return { typing, since: now };
  return last.typing && !typing ? { typing, since: last.since } : undefined;
}
