import type { IgnoredReason, IncidentEvent } from '../../contract/schemas/incident.ts';

/** The state of an incident, without its conversation. Times are milliseconds since the epoch. */
export interface IncidentState {
  readonly phase: 'open' | 'closed';
  /** Of the newest event that opened or closed the incident. Later arrivals with an older time change nothing. */
  readonly occurredAt: number;
}

export type Decision =
  | { readonly kind: 'open' }
  | { readonly kind: 'update'; readonly occurredAt: number }
  | { readonly kind: 'close' }
  /** `closedAt`: remember the end, so that an event from before it does not open the incident. */
  | { readonly kind: 'ignore'; readonly reason: IgnoredReason; readonly closedAt?: number };

/**
 * Deliveries arrive in any order, so the times at the source decide. In the end, an incident is open if and only if its
 * newest event opened it. Of two events at the same time, the one that closes is the newer.
 *
 * @param conversation `ended` if people have resolved, closed or wiped the conversation of an open incident.
 */
export function decide(
  state: IncidentState | undefined,
  { event, occurredAt }: { readonly event: IncidentEvent; readonly occurredAt: number },
  conversation: 'live' | 'ended',
): Decision {
  if (event === 'open') return decideOpening(state, occurredAt, conversation);
  if (event === 'close') return decideClosing(state, occurredAt);
  if (state === undefined) return { kind: 'ignore', reason: 'unknown-incident' };
  if (state.phase === 'closed' || conversation === 'ended') return { kind: 'ignore', reason: 'already-closed' };
  return { kind: 'update', occurredAt: state.occurredAt };
}

function decideOpening(state: IncidentState | undefined, occurredAt: number, conversation: 'live' | 'ended'): Decision {
  if (state === undefined) return { kind: 'open' };
  if (state.phase === 'closed') {
    return occurredAt > state.occurredAt ? { kind: 'open' } : { kind: 'ignore', reason: 'out-of-order' };
  }
  if (conversation === 'live') return { kind: 'update', occurredAt: Math.max(state.occurredAt, occurredAt) };
  return occurredAt >= state.occurredAt ? { kind: 'open' } : { kind: 'ignore', reason: 'out-of-order' };
}

function decideClosing(state: IncidentState | undefined, occurredAt: number): Decision {
  if (state === undefined) return { kind: 'ignore', reason: 'unknown-incident', closedAt: occurredAt };
  if (state.phase === 'open') {
    return occurredAt >= state.occurredAt ? { kind: 'close' } : { kind: 'ignore', reason: 'out-of-order' };
  }
  const closedAt = occurredAt > state.occurredAt ? { closedAt: occurredAt } : {};
  return { kind: 'ignore', reason: 'already-closed', ...closedAt };
}
