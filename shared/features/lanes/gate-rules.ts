import { pauseAfter } from './schedule-rules.ts';

/** Of a destination. Absent until its first failure, and after a success. Times are milliseconds since the epoch. */
export interface Gate {
  /** Failed attempts since the last success. */
  readonly failures: number;
  readonly firstFailureAt: number;
  /** How often the gate was closed since the last success. */
  readonly closings: number;
  /** No lane attempts a delivery before. Afterwards, one does. Absent while the gate is open. */
  readonly closedUntil?: number;
  /** The lane that attempts a delivery although the gate is closed. */
  readonly probe?: string;
  readonly probeUntil?: number;
  /** Deliveries that failed for good since the last success. */
  readonly lost: number;
  readonly firstLostAt?: number;
  readonly lastLostAt?: number;
}

/** `destination`: no delivery can succeed at present. `item`: others may. */
export type FailureOf = 'destination' | 'item';

/** Failures in a row of single deliveries that close the gate, too. */
export const mostItemFailures = 5;

/** Longer than an attempt takes. */
export const probeMs = 90_000;

const hour = 60 * 60 * 1000;
const endingRule = { failingMs: 5 * 24 * hour, lost: 3, lostOverMs: 24 * hour };

export type Passage = 'open' | 'probe' | 'closed';

/** Whether a lane may attempt a delivery: `probe` if it must claim the probe first. */
export function passageOf(gate: Gate | undefined, lane: string, at: number): Passage {
  if (gate?.closedUntil === undefined) return 'open';
  if (at < gate.closedUntil) return 'closed';
  const isTaken = gate.probe !== undefined && gate.probe !== lane && at < (gate.probeUntil ?? 0);
  return isTaken ? 'closed' : 'probe';
}

export interface GateFailure {
  readonly of: FailureOf;
  readonly at: number;
  readonly retryAfterMs?: number | undefined;
  /** The delivery's life is over. */
  readonly isLost: boolean;
  readonly jitter: number;
}

/** @param before - as it was when the attempt began. */
export function afterFailure(before: Gate | undefined, failure: GateFailure): Gate {
  const { at, of, isLost, jitter, retryAfterMs = 0 } = failure;
  const failures = (before?.failures ?? 0) + 1;
  const counted: Gate = {
    failures,
    firstFailureAt: before?.firstFailureAt ?? at,
    closings: before?.closings ?? 0,
    lost: (before?.lost ?? 0) + (isLost ? 1 : 0),
    ...lossTimes(before, isLost, at),
  };
  const closes = of === 'destination' || failures >= mostItemFailures || before?.closedUntil !== undefined;
  if (!closes) return counted;
  const closings = counted.closings + 1;
  return { ...counted, closings, closedUntil: at + Math.max(pauseAfter(closings, jitter), retryAfterMs) };
}

function lossTimes(before: Gate | undefined, isLost: boolean, at: number): Pick<Gate, 'firstLostAt' | 'lastLostAt'> {
  const firstLostAt = before?.firstLostAt ?? (isLost ? at : undefined);
  const lastLostAt = isLost ? at : before?.lastLostAt;
  return {
    ...(firstLostAt === undefined ? {} : { firstLostAt }),
    ...(lastLostAt === undefined ? {} : { lastLostAt }),
  };
}

/** Whether a destination has failed for so long that deliveries to it end. */
export function shouldEnd({ firstFailureAt, lost, firstLostAt, lastLostAt }: Gate, at: number): boolean {
  return (
    at - firstFailureAt >= endingRule.failingMs &&
    lost >= endingRule.lost &&
    (lastLostAt ?? 0) - (firstLostAt ?? 0) >= endingRule.lostOverMs
  );
}
