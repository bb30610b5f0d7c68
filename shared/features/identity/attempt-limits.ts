/**
 * Accepts `burst` attempts at once, and one more per `intervalMs`. A bucket stores one time, as in the generic cell
 * rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export interface AttemptLimit {
  /** Part of the bucket's key, so that limits are counted separately. */
  readonly name: string;
  readonly burst: number;
  readonly intervalMs: number;
}

const minute = 60_000;

/**
 * Limits against guessing passwords (OWASP ASVS 6.1.1, 6.3.1).
 *
 * An attempt with the device token of an earlier login to the account counts only in that device's bucket. Every other
 * attempt counts in two buckets: that of the account's name and that of the source address. So an attacker cannot lock
 * the owner out of a device that has logged in before. A name without an account has a bucket too.
 *
 * An account has two names, address and username. A shared bucket would reveal that both names belong to one account,
 * so each name gets half of the account's limit: 14 guesses at once in total, then one per minute.
 */
export const attemptLimits = {
  loginName: { name: 'login-name', burst: 7, intervalMs: 2 * minute },
  loginDevice: { name: 'login-device', burst: 15, intervalMs: minute },
  /** Generous, because a whole office may share one address. */
  loginAddress: { name: 'login-address', burst: 100, intervalMs: 9_000 },
  registerAddress: { name: 'register-address', burst: 100, intervalMs: 36_000 },
  /**
   * Mails to one address that strangers can request. Each kind has a separate bucket, so that a stranger's
   * registrations cannot block the owner's password reset.
   */
  resetMail: { name: 'reset-mail', burst: 5, intervalMs: 12 * minute },
  /**
   * A verification link that a stranger requests is useless to the owner, unlike a reset link. So each network only
   * gets a part of an address's limit, and the owner can still register from another network.
   */
  verificationMail: { name: 'verification-mail', burst: 15, intervalMs: 4 * minute },
  verificationMailOfNetwork: { name: 'verification-mail-network', burst: 5, intervalMs: 12 * minute },
  forgotAddress: { name: 'forgot-address', burst: 30, intervalMs: minute },
  verifyEmail: { name: 'verify-email', burst: 15, intervalMs: minute },
  changePassword: { name: 'change-password', burst: 15, intervalMs: minute },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/**
 * Limits on users' actions that affect others or cost more than a normal request. They only apply in tenants that limit
 * messages.
 */
export const useLimits = {
  /** Conversations that a user starts, because each appears in other users' lists. */
  conversations: { name: 'start-conversation', burst: 20, intervalMs: minute },
  /** People that a user adds to groups. Allows creating a group of 500 at once. */
  invitations: { name: 'invite', burst: 1000, intervalMs: 3_600 },
  /** Catch-up on one connection, and across the user's devices. */
  catchUpsOfConnection: { name: 'catch-up-connection', burst: 3, intervalMs: 5_000 },
  catchUps: { name: 'catch-up', burst: 60, intervalMs: 2_000 },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/**
 * The share of an attempt that is refunded when it succeeds. The rest still counts, so that signatures cannot be
 * requested without limit: correct passwords are accepted a hundred times as often as wrong ones.
 */
export const successRefund = 0.99;

/**
 * The latest time to which a bucket may be filled to accept another attempt now.
 * @param weight the attempt's weight, at most the burst.
 */
export function fullestBucket(limit: AttemptLimit, at: number, weight = 1): number {
  return at + (limit.burst - weight) * limit.intervalMs;
}

/**
 * The latest time to which correct clocks can fill a bucket. A bucket beyond it was filled by a clock that is ahead,
 * and counts as empty, so that one wrong clock does not lock out every user.
 */
export function impossibleFill(limit: AttemptLimit, at: number): number {
  return at + 2 * limit.burst * limit.intervalMs;
}

/** The share of a bucket that is filled up to `filledTo`, from 0 to 1. */
export function filledShare(limit: AttemptLimit, filledTo: number, at: number): number {
  if (filledTo > impossibleFill(limit, at)) return 0;
  return Math.min(1, Math.max(0, filledTo - at) / (limit.burst * limit.intervalMs));
}

/** Milliseconds until a bucket that is filled up to `filledTo` accepts an attempt; 0 if it accepts one now. */
export function waitingTime(limit: AttemptLimit, filledTo: number, at: number, weight = 1): number {
  return filledTo > impossibleFill(limit, at) ? 0 : Math.max(0, filledTo - fullestBucket(limit, at, weight));
}

/**
 * The part of an address that identifies one customer: a whole IPv4 address, or the first 64 bits of an IPv6 address,
 * because each customer gets at least these (RFC 6177).
 */
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
