export interface BackOffOptions {
  /** Upper bound of the first wait, in milliseconds. */
  readonly baseMs?: number;
  /** Upper bound of every wait. */
  readonly capMs?: number;
  /** Between 0 and 1. */
  readonly random?: () => number;
}

/** Waits between attempts: random below a bound that doubles. */
export interface BackOff {
  /** Milliseconds to wait before the next attempt. */
  next(): number;
  /** The next wait is a first one again. */
  reset(): void;
}

/** Even the luckiest draw does not spin. */
const leastMs = 50;

/**
 * Full jitter: clients that lost the same server come back spread over time.
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
