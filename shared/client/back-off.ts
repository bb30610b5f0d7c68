export interface BackOffOptions {
  /** Upper bound of the first wait, in milliseconds. */
  readonly baseMs?: number;
  /** Upper bound of every wait. */
  readonly capMs?: number;
  readonly random?: () => number;
}

export interface BackOff {
  next(): number;
  reset(): void;
}

/** The minimum wait, because waits close to zero would retry in a busy loop. */
const leastMs = 50;

/**
 * Creates a back-off with full jitter: a random wait below a bound that doubles with each attempt. Clients that lost
 * the same server thus reconnect at different times.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackOff(options: BackOffOptions = {}): BackOff {
  const { baseMs = 500, capMs = 30_000, random = Math.random } = options;
  let bound = baseMs;
  return {
    next: () => {
      const wait = Math.max(leastMs, Math.round(random() * bound));
      bound = Math.min(capMs, bound * 2);
      return wait;
    },
    reset: () => {
      bound = baseMs;
    },
  };
}
