import { incidentKeys } from '../../core/table/integration-keys.ts';
import { type Key } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Grouping } from '../../contract/schemas/incident-rules.ts';

/**
 * Counts of a source in a window, stored at `incidentKeys.meter`: of the conversations that it opened, or of the messages
 * that it wrote into one. Times are milliseconds since the epoch.
 */
export interface MeterItem {
  readonly used?: number;
  /** Events beyond the limit. */
  readonly counted?: number;
  /** Those of them that messages have told about. */
  readonly posted?: number;
  /** The message that is being written. Stored first, so that a repetition writes the same. */
  readonly pending?: PendingCount;
  readonly startId?: string;
  readonly from?: number;
  readonly to?: number;
  readonly wakeAt?: number;
  readonly expiresAt?: number;
}

export interface PendingCount {
  readonly after: number;
  readonly count: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The window of a time. Windows have fixed limits, so that the time of the arrival decides. */
export function windowOf({ windowSeconds }: Grouping, at: number): Window {
  const length = windowSeconds * 1000;
  const from = Math.floor(at / length) * length;
  return { from, to: from + length };
}

/** Deliveries of the window may still wait in the queue. */
const graceMs = 2000;
const lifeMs = 7 * 24 * 60 * 60 * 1000;
const openingsSubject = 'openings';

export const withinLimit = 'within the limit';

export const openingsKey = (sourceId: string, { from }: Window): Key =>
  incidentKeys.meter(sourceId, from, openingsSubject);
export const messagesKey = (sourceId: string, { from }: Window, startId: string): Key =>
  incidentKeys.meter(sourceId, from, startId);

/** The transaction fails at {@link withinLimit} if the window is full. */
export function useOne(work: UnitOfWork, key: Key, { most }: Grouping, { to }: Window): void {
  work.update(
    withinLimit,
    key,
    {
      expression: 'SET #expiresAt = :expiresAt ADD #used :one',
      values: { expiresAt: Math.floor((to + lifeMs) / 1000), one: 1 },
    },
    { expression: 'attribute_not_exists(#used) OR #used < :most', values: { most } },
  );
}

/** A timer writes the message once the window has ended. */
export function countOne(
  work: UnitOfWork,
  key: Key,
  { window: { from, to }, startId, at }: { readonly window: Window; readonly startId: string; readonly at: number },
): void {
  work.update('counted', key, {
    expression:
      'SET #expiresAt = :expiresAt, #startId = :startId, #from = :from, #to = :to, #wakeAt = if_not_exists(#wakeAt, :wakeAt) ADD #counted :one',
    values: {
      expiresAt: Math.floor((to + lifeMs) / 1000),
      startId,
      from,
      to,
      wakeAt: Math.max(to, at) + graceMs,
      one: 1,
    },
  });
}
