import type { AttemptLimit } from '../identity/attempt-limits.ts';

/** For each source. */
export const deliveryLimits = {
  authentic: { name: 'incident-deliveries', burst: 1000, intervalMs: 100 },
  /** Deliveries without valid authentication that are recorded. */
  refused: { name: 'incident-refusals', burst: 20, intervalMs: 60_000 },
} as const satisfies Readonly<Record<string, AttemptLimit>>;
