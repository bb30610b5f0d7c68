import type { Health } from './integration-item.ts';
import type { FailureReason } from './systems/ticket-system.ts';

const second = 1000;
const minute = 60 * second;
const waits = [30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 20 * minute, 30 * minute];

/** How long to wait after the given number of failures in a row, from 1. */
export function backOffMs(failures: number): number {
  return waits[Math.min(failures, waits.length) - 1] ?? waits[0] ?? 0;
}

/** Tickets return within a minute after the gate may open, at different times. */
export const spreadMs = minute;
/** For the answer to a probe. */
const probeMs = 2 * minute;

export type Gate =
  { readonly kind: 'open' } | { readonly kind: 'closed'; readonly until: number } | { readonly kind: 'probe' };

export function gateAt({ closedUntil }: Health, now: number): Gate {
  if (closedUntil === undefined) return { kind: 'open' };
  return now < closedUntil ? { kind: 'closed', until: closedUntil } : { kind: 'probe' };
}

export function probing(health: Health, now: number): Health {
  return { ...health, closedUntil: now + probeMs };
}

export function afterFailure(
  health: Health,
  { reason, afterMs = 0 }: { readonly reason: FailureReason; readonly afterMs?: number | undefined },
  now: number,
): Health {
  const failures = health.failures + 1;
  return {
    ...health,
    failures,
    closedUntil: now + Math.max(afterMs, backOffMs(failures)),
    lastErrorAt: now,
    lastError: reason,
  };
}

/** Failures of one ticket are only recorded. */
export function afterTicketFailure(health: Health, reason: FailureReason, now: number): Health {
  return { ...health, lastErrorAt: now, lastError: reason };
}

/** Undefined if the record of the success is recent enough. */
export function afterSuccess(health: Health, now: number): Health | undefined {
  const isRecent = now - (health.lastSuccessAt ?? 0) < minute;
  if (health.failures === 0 && health.closedUntil === undefined && isRecent) return undefined;
  const { closedUntil: _, ...rest } = health;
  return { ...rest, failures: 0, lastSuccessAt: now };
}

/** A different time within {@link spreadMs} for each ticket. */
export function spreadOf(conversationId: string): number {
  let hash = 0;
  for (const letter of conversationId) hash = (hash * 31 + letter.charCodeAt(0)) % 65_521;
  return hash % spreadMs;
}
