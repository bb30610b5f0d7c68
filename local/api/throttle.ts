import type { Resource } from '../contract.ts';

/** `rate` is per second, `burst` at once. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** `now` returns milliseconds. */
  constructor(rate: number, burst: number, now: () => number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#filledAt = now();
  }

  take(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#rate);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** All APIs together. */
export interface AccountRequests {
  readonly perSecond: number;
  readonly burst: number;
}

/** Smaller regions have a quarter of this. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const defaultAccountRequests: AccountRequests = { perSecond: 10_000, burst: 5_000 };

/**
 * All APIs and socket posts share this bucket.
 *
 * @param now returns milliseconds.
 */
export function accountThrottle(
  { perSecond, burst }: AccountRequests = defaultAccountRequests,
  now: () => number = Date.now,
): () => boolean {
  const bucket = new TokenBucket(perSecond, burst, now);
  return () => bucket.take();
}

interface ThrottlingSettings {
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}

/**
 * Each route has its own bucket, by default with the stage's settings. Requests also use the account's bucket.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function stageThrottle(
  stage: Resource | undefined,
  now: () => number,
  account: () => boolean = () => true,
): (routeKey: string) => boolean {
  const fallback = stage?.properties['DefaultRouteSettings'] as ThrottlingSettings | undefined;
  const own = stage?.properties['RouteSettings'] as Readonly<Record<string, ThrottlingSettings>> | undefined;
  if (fallback === undefined && own === undefined) return account;
  const buckets = new Map<string, TokenBucket | undefined>();
  return (routeKey) => {
    if (!buckets.has(routeKey)) {
      const settings = { ...fallback, ...own?.[routeKey] };
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
      const limited = rate !== undefined || burst !== undefined;
      buckets.set(routeKey, limited ? new TokenBucket(rate ?? 10_000, burst ?? 5_000, now) : undefined);
    }
    return (buckets.get(routeKey)?.take() ?? true) && account();
  };
}
