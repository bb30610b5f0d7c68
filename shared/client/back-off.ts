export interface BackOffOptions {
  /** Upper bound of the first wait. */
  readonly baseMs?: number;
  readonly capMs?: number;
  readonly random?: () => number;
}

export interface BackOff {
  next(): number;
  reset(): void;
}

/** Shorter waits would retry in a busy loop. */
const leastMs = 50;

/**
 * Waits randomly below a bound that doubles with each attempt, so that clients reconnect at different times.
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
