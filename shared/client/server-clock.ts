export interface ServerClock {
  /** Milliseconds since the epoch; the device's time until the first answer. */
  now(): number;
  /**
   * The quickest answer is the most precise.
   *
   * @param resolutionMs of `serverTime`.
   */
  learn(serverTime: number, sentAt: number, receivedAt: number, resolutionMs?: number): void;
  adopt(serverTime: number): void;
}

/** Clocks drift and devices sleep. Any answer replaces an older estimate. */
const freshMs = 10 * 60 * 1000;

/** @param localNow milliseconds since the epoch. */
export function createServerClock(localNow: () => number = Date.now): ServerClock {
  let offset = 0;
  let uncertainty = Infinity;
  let learntAt = -Infinity;
  const set = (newOffset: number, newUncertainty: number): void => {
    offset = newOffset;
    uncertainty = newUncertainty;
    learntAt = localNow();
  };
  return {
    now: () => Math.round(localNow() + offset),
    learn: (serverTime, sentAt, receivedAt, resolutionMs = 1) => {
      if (!Number.isFinite(serverTime)) return;
      const age = localNow() - learntAt;
      const spread = Math.max(0, receivedAt - sentAt) / 2 + resolutionMs / 2;
      // Negative after the device's clock was set back.
      if (spread > uncertainty && age >= 0 && age < freshMs) return;
      set(serverTime + resolutionMs / 2 - (sentAt + receivedAt) / 2, spread);
    },
    adopt: (serverTime) => {
      if (Number.isFinite(serverTime)) set(serverTime - localNow(), Infinity);
    },
  };
}
