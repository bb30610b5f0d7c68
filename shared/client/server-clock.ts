/** What time it is for the server, as far as its answers told. */
export interface ServerClock {
  /** Milliseconds since the epoch. The device's own time until an answer told better. */
  now(): number;
  /**
   * Learns from an answer that said `serverTime`, which lay between the two local times. The answer that was the
   * quickest says it best; `resolutionMs` is how coarsely the time was told.
   */
  learn(serverTime: number, sentAt: number, receivedAt: number, resolutionMs?: number): void;
  /** Takes the server's word whatever was learnt before: it has just refused the time that we had. */
  adopt(serverTime: number): void;
}

/** Clocks drift and devices sleep: what was learnt longer ago gives way to any news. */
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
      // A clock that was set back makes the age negative, and what was learnt worthless.
      if (spread > uncertainty && age >= 0 && age < freshMs) return;
      set(serverTime + resolutionMs / 2 - (sentAt + receivedAt) / 2, spread);
    },
    adopt: (serverTime) => {
      if (Number.isFinite(serverTime)) set(serverTime - localNow(), Infinity);
    },
  };
}
