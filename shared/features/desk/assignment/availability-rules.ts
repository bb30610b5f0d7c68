import type { Availability } from '../../../contract/schemas/availability.ts';
import type { SupportState } from '../../log/support-state.ts';

/** Times are milliseconds since the epoch. */
export interface AgentPresence {
  readonly declared: Availability;
  readonly declaredAt: number;
  /** When the last connection ended or went into the background; absent while one is in the foreground. */
  readonly goneSince?: number;
}

export type GraceOutcome = 'not-due' | 'stays' | 'returns-to-queue';

/** Only these agents get conversations from the queue. */
export function mayReceive(availability: Availability): availability is 'online' {
  return availability === 'online';
}

/** An agent who declares to be available and has no connection is away once the grace time is over. */
export function effectiveAvailability(presence: AgentPresence, graceMs: number, now: number): Availability {
  const { declared } = presence;
  if (!takesPart(declared)) return declared;
  const until = graceEnd(presence, graceMs);
  return until === undefined || now < until ? declared : 'away';
}

/**
 * When others take over: the grace time after the agent went away or offline, or lost the connection. A declaration to
 * be available leaves as much time to connect.
 *
 * @returns undefined while the agent is present.
 */
export function graceEnd({ declared, declaredAt, goneSince }: AgentPresence, graceMs: number): number | undefined {
  if (!takesPart(declared)) return Math.min(declaredAt, goneSince ?? Infinity) + graceMs;
  return goneSince === undefined ? undefined : Math.max(declaredAt, goneSince) + graceMs;
}

/**
 * When a conversation of an absent agent returns to the queue. An agent who takes a conversation by hand is there,
 * whatever the declaration says.
 *
 * @returns undefined while the agent is present.
 */
export function takeOverAt(presence: AgentPresence, assignedAt: number, graceMs: number): number | undefined {
  const { declared, declaredAt, goneSince } = presence;
  if (!takesPart(declared) && assignedAt > declaredAt) {
    return goneSince === undefined ? undefined : Math.max(goneSince, assignedAt) + graceMs;
  }
  const until = graceEnd(presence, graceMs);
  return until !== undefined && assignedAt >= until ? assignedAt + graceMs : until;
}

/**
 * Decides about a conversation of an absent agent. It returns to the queue if its customer waits for an answer.
 *
 * @param until - from {@link takeOverAt}; undefined if the agent came back.
 */
export function afterGrace(
  { status, assigneeId, waitingSince }: Pick<SupportState, 'status' | 'assigneeId' | 'waitingSince'>,
  until: number | undefined,
  now: number,
): GraceOutcome {
  if (status !== 'active' || assigneeId === undefined || until === undefined) return 'stays';
  if (now < until) return 'not-due';
  return waitingSince === undefined ? 'stays' : 'returns-to-queue';
}

/** A busy agent answers conversations, but gets no others. */
function takesPart(declared: Availability): boolean {
  return declared === 'online' || declared === 'busy';
}
