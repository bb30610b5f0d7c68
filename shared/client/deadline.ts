/** Some platforms lack `throwIfAborted` and `reason`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw (signal.reason as Error | undefined) ?? new Error('The request was aborted');
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects once the signal aborts, even if the work never settles. */
  race<Result>(work: Promise<Result>): Promise<Result>;
  renew(): void;
  /** Must be called when the work is done. */
  end(): void;
}

/** React Native lacks `AbortSignal.timeout` and `AbortSignal.any`. */
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
        const fail = (): void => reject(new Error('The request was aborted'));
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
