/** Estimates the server's time from its answers. */
export interface ServerClock {
  /** Milliseconds since the epoch. The device's time until the first answer. */
  now(): number;
  /**
   * Learns from an answer whose server time is between two local times. The quickest answer is the most precise.
   *
   * @param resolutionMs the resolution of `serverTime`.
   */
  learn(serverTime: number, sentAt: number, receivedAt: number, resolutionMs?: number): void;
  /** Replaces the estimate, because the server rejected a time that was based on it. */
  adopt(serverTime: number): void;
}

/** Clocks drift and devices sleep, so any answer replaces an older estimate. */
const freshMs = 10 * 60 * 1000;

/** @param localNow the device's clock, in milliseconds since the epoch. */
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
      // A negative age means that the device's clock was set back, which invalidates the estimate.
      if (spread > uncertainty && age >= 0 && age < freshMs) return;
      set(serverTime + resolutionMs / 2 - (sentAt + receivedAt) / 2, spread);
    },
    adopt: (serverTime) => {
      if (Number.isFinite(serverTime)) set(serverTime - localNow(), Infinity);
    },
  };
}
