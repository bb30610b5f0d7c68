/** Throws what a signal aborted with. `throwIfAborted` and `reason` do not exist everywhere. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw (signal.reason as Error | undefined) ?? new Error('The request was aborted');
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** The work, or a rejection once the signal aborts, although the work may never settle. */
  race<Result>(work: Promise<Result>): Promise<Result>;
  /** Begins to wait once more: there was progress. */
  renew(): void;
  /** Has to be called in the end. */
  end(): void;
}

/**
 * A signal that aborts after a time, or with another signal. React Native has neither `AbortSignal.timeout` nor
 * `AbortSignal.any`.
 */
export function createDeadline(timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, timeoutMs);
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const fail = (): void => reject(new Error('It was aborted'));
        if (controller.signal.aborted) fail();
        controller.signal.addEventListener('abort', fail);
        work.then(resolve, reject);
      }),
    renew: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, timeoutMs);
    },
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
