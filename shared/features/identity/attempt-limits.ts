/**
 * How often something may be tried: `burst` times at once, and once more for every `intervalMs` that passes. Kept as
 * one time per bucket, the generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export interface AttemptLimit {
  /** Part of the bucket's key, so that limits do not meet. */
  readonly name: string;
  readonly burst: number;
  readonly intervalMs: number;
}

const minute = 60_000;

/**
 * The documented defence against guessing (OWASP ASVS 6.1.1, 6.3.1).
 *
 * Whoever presents the device token of an earlier login to the account counts in that device's bucket alone; everybody
 * else shares the bucket of the account's name and that of the source address. So guessing empties a bucket that the
 * account's owner, on a device of theirs, does not draw from. An unknown name has a bucket like a known one.
 *
 * An account has two names, address and user name. A shared bucket would reveal that both names belong to one account,
 * so each name gets half of the account's limit: 14 guesses at once, one a minute.
 */
export const attemptLimits = {
  loginName: { name: 'login-name', burst: 7, intervalMs: 2 * minute },
  loginDevice: { name: 'login-device', burst: 15, intervalMs: minute },
  /** Generous, since whole offices share an address. */
  loginAddress: { name: 'login-address', burst: 100, intervalMs: 9_000 },
  registerAddress: { name: 'register-address', burst: 100, intervalMs: 36_000 },
  /**
   * Mails to one address that strangers can trigger. Each kind has its own bucket, so that a stranger's registrations
   * cannot block the owner's password reset.
   */
  resetMail: { name: 'reset-mail', burst: 5, intervalMs: 12 * minute },
  /**
   * A link that a stranger asks for is of no use to the owner, unlike a reset link. So one network has a part of what an
   * address may get, and the owner can still register from another.
   */
  verificationMail: { name: 'verification-mail', burst: 15, intervalMs: 4 * minute },
  verificationMailOfNetwork: { name: 'verification-mail-network', burst: 5, intervalMs: 12 * minute },
  forgotAddress: { name: 'forgot-address', burst: 30, intervalMs: minute },
  verifyEmail: { name: 'verify-email', burst: 15, intervalMs: minute },
  changePassword: { name: 'change-password', burst: 15, intervalMs: minute },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/** Limits on actions of a user that reach others or cost more than a request, in tenants that limit messages. */
export const useLimits = {
  /** Conversations that a user starts: each appears in the lists of others. */
  conversations: { name: 'start-conversation', burst: 20, intervalMs: minute },
  /** People that a user adds to groups; a group of 500 can be created at once. */
  invitations: { name: 'invite', burst: 1000, intervalMs: 3_600 },
  /** Catching up on one connection, and on all the user's devices together. */
  catchUpsOfConnection: { name: 'catch-up-connection', burst: 3, intervalMs: 5_000 },
  catchUps: { name: 'catch-up', burst: 60, intervalMs: 2_000 },
} as const satisfies Readonly<Record<string, AttemptLimit>>;

/**
 * What a success gives back, as a share of an attempt: the rest stays, so that even right passwords cannot have tokens
 * signed without limit (a hundred times as often as wrong ones).
 */
export const successRefund = 0.99;

/**
 * The latest time to which a bucket may be filled for one more attempt to be accepted now.
 * @param weight the attempt's weight, at most the burst.
 */
export function fullestBucket(limit: AttemptLimit, at: number, weight = 1): number {
  return at + (limit.burst - weight) * limit.intervalMs;
}

/**
 * A bucket that is filled beyond this time was filled by a clock that ran ahead: right clocks cannot, since a full bucket
 * takes no more. It counts as empty, so that one wrong clock does not shut everybody out until its time has come.
 */
export function impossibleFill(limit: AttemptLimit, at: number): number {
  return at + 2 * limit.burst * limit.intervalMs;
}

/** Milliseconds until an attempt will be let through by a bucket that is filled up to `filledTo`; 0 is at once. */
export function waitingTime(limit: AttemptLimit, filledTo: number, at: number, weight = 1): number {
  return filledTo > impossibleFill(limit, at) ? 0 : Math.max(0, filledTo - fullestBucket(limit, at, weight));
}

/**
 * The part of an address that stands for one customer: all of an IPv4 address, the first 64 bits of an IPv6 address,
 * since a single customer gets at least that many (RFC 6177).
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
