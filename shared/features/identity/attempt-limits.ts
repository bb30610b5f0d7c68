/**
 * Accepts `burst` attempts at once, and one more per `intervalMs`.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export interface AttemptLimit {
  readonly name: string;
  readonly burst: number;
  readonly intervalMs: number;
}

const minute = 60_000;

/**
 * Limits against guessing passwords (OWASP ASVS 6.1.1, 6.3.1).
 *
 * An attempt with the device token of an earlier login counts only for that device, so an attacker cannot lock the
 * owner out. Every other attempt counts for the account's name and for the source address.
 *
 * An account's address and username each get half of the limit: a shared bucket would reveal that they belong to one
 * account.
 */
export const attemptLimits = {
  loginName: { name: 'login-name', burst: 7, intervalMs: 2 * minute },
  loginDevice: { name: 'login-device', burst: 15, intervalMs: minute },
  /** A whole office may share one address. */
  loginAddress: { name: 'login-address', burst: 100, intervalMs: 9_000 },
  registerAddress: { name: 'register-address', burst: 100, intervalMs: 36_000 },
  /** Strangers can request these mails. Separate buckets keep registrations from blocking a password reset. */
  resetMail: { name: 'reset-mail', burst: 5, intervalMs: 12 * minute },
  /** Each network gets a part of an address's limit, so that the owner can still register from another. */
  verificationMail: { name: 'verification-mail', burst: 15, intervalMs: 4 * minute },
  verificationMailOfNetwork: { name: 'verification-mail-network', burst: 5, intervalMs: 12 * minute },
  forgotAddress: { name: 'forgot-address', burst: 30, intervalMs: minute },
  verifyEmail: { name: 'verify-email', burst: 15, intervalMs: minute },
  changePassword: { name: 'change-password', burst: 15, intervalMs: minute },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/** Apply only in tenants that limit messages. */
export const useLimits = {
  conversations: { name: 'start-conversation', burst: 20, intervalMs: minute },
  /** Changes of support conversations by their customers. Each goes to the whole desk. */
  customerChanges: { name: 'change-support', burst: 20, intervalMs: 10_000 },
  /** Allows creating a group of 500 at once. */
  invitations: { name: 'invite', burst: 1000, intervalMs: 3_600 },
  catchUpsOfConnection: { name: 'catch-up-connection', burst: 3, intervalMs: 5_000 },
  catchUps: { name: 'catch-up', burst: 60, intervalMs: 2_000 },
  transcripts: { name: 'transcript', burst: 60, intervalMs: 2_000 },
  /** Each reads all checkpoints of the tenant since the conversation began. */
  integrity: { name: 'integrity', burst: 10, intervalMs: minute },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/** The rest counts, so that signatures cannot be requested without limit. */
export const successRefund = 0.99;

/**
 * The latest `filledTo` that accepts another attempt now.
 * @param weight at most the burst.
 */
export function fullestBucket(limit: AttemptLimit, at: number, weight = 1): number {
  return at + (limit.burst - weight) * limit.intervalMs;
}

/**
 * A fuller bucket was filled by a clock that is ahead. It counts as empty, so that one wrong clock does not lock out
 * every user.
 */
export function impossibleFill(limit: AttemptLimit, at: number): number {
  return at + 2 * limit.burst * limit.intervalMs;
}

/** The share of a bucket that is filled up to `filledTo`, from 0 to 1. */
export function filledShare(limit: AttemptLimit, filledTo: number, at: number): number {
  if (filledTo > impossibleFill(limit, at)) return 0;
  return Math.min(1, Math.max(0, filledTo - at) / (limit.burst * limit.intervalMs));
}

/** Milliseconds; 0 if the bucket accepts an attempt now. */
export function waitingTime(limit: AttemptLimit, filledTo: number, at: number, weight = 1): number {
  return filledTo > impossibleFill(limit, at) ? 0 : Math.max(0, filledTo - fullestBucket(limit, at, weight));
}

/** A whole IPv4 address, or the first 64 bits of an IPv6 address (RFC 6177). */
export function sourceNetwork(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(0, missing)).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
