import type { WebSocketApi } from './api/websocket-api.ts';
import type { AwsEndpoint, Recorder } from './contract.ts';
import type { LocalFunctionHost } from './functions/function-host.ts';
import type { Sources } from './sources/start-sources.ts';

export interface WorkingParts {
  readonly aws: Pick<AwsEndpoint, 'settled'>;
  readonly functions: LocalFunctionHost;
  readonly socketApis: readonly WebSocketApi[];
  readonly sources: Sources;
}

/** Detects when a run is idle: it asks all parts repeatedly until no part has been active since the last round. */
export class Settling {
  #activity = 0;

  noteActivity(): void {
    this.#activity += 1;
  }

  /** Counts entries of a recorder as activity. */
  watch(recorder: Recorder): Recorder {
    return {
      ...recorder,
      call: (call) => {
        this.#activity += 1;
        recorder.call(call);
      },
      invocation: (record) => {
        this.#activity += 1;
        recorder.invocation(record);
      },
    };
  }

  /**
   * Resolves when streams are read to their ends, queues with consumers have no visible message, and no delivery,
   * invocation or retry is pending. A message that waits for its visibility timeout does not count, since it may wait
   * for hours. One with the retry time of `LocalPace` does.
   */
  async settled({ aws, functions, socketApis, sources }: WorkingParts): Promise<void> {
    for (;;) {
      const seen = this.#activity;
      await Promise.all(socketApis.map((api) => api.idle()));
      await functions.idle();
      await aws.settled();
      await sources.drained();
      await aws.settled();
      const busy = functions.load > 0 || socketApis.some((api) => api.load > 0);
      if (!busy && this.#activity === seen) return;
    }
  }
}
