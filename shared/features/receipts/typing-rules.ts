/** What was passed on last of a user's typing in a conversation. */
export interface PassedOn {
  readonly typing: boolean;
  /** When the interval began in which it was. */
  readonly since: number;
}

export const typingIntervalMs = 2000;

/**
 * Whether news of somebody's typing is passed on, and what to remember then: at most one start and the stop that follows
 * it in two seconds.
 * @returns nothing where it is not.
 */
export function passOn(last: PassedOn | undefined, typing: boolean, now: number): PassedOn | undefined {
  if (last === undefined || now - last.since >= typingIntervalMs) return { typing, since: now };
  return last.typing && !typing ? { typing, since: last.since } : undefined;
}
