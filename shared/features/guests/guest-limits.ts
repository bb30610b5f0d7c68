import type { AttemptLimit } from '../identity/attempt-limits.ts';

const minute = 60_000;

/**
 * Limits of guests. New guests beyond `newOfAddress` or `newOfTenant` solve a proof of work, so a flood costs time
 * instead of access. Guests who return have a limit of their own.
 */
export const guestLimits = {
  /** Generous, because the users of a mobile network share addresses. */
  newOfAddress: { name: 'guest-address', burst: 20, intervalMs: minute },
  newOfTenant: { name: 'guest-tenant', burst: 300, intervalMs: 1_000 },
  /** Solved challenges of one address, each about a second of work. */
  workOfAddress: { name: 'guest-work-address', burst: 600, intervalMs: 2_000 },
  /** Measures the load, which decides the difficulty. It never rejects. */
  workOfTenant: { name: 'guest-work-tenant', burst: 1_000, intervalMs: 300 },
  returns: { name: 'guest-return', burst: 30, intervalMs: 20_000 },
  transferCodes: { name: 'guest-codes', burst: 5, intervalMs: 2 * minute },
  /** Guesses of codes. A code has 50 bits. */
  transferGuesses: { name: 'guest-transfer', burst: 10, intervalMs: minute },
  registrations: { name: 'guest-register', burst: 15, intervalMs: minute },
} as const satisfies Readonly<Record<string, AttemptLimit>>;
