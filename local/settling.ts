import type { WebSocketApi } from './api/websocket-api.ts';
import type { AwsEndpoint, Recorder } from './contract.ts';
import type { LocalFunctionHost } from './functions/function-host.ts';
import type { Sources } from './sources/start-sources.ts';

/** Everything that can still have something to do. */
export interface WorkingParts {
  readonly aws: Pick<AwsEndpoint, 'settled'>;
  readonly functions: LocalFunctionHost;
  readonly socketApis: readonly WebSocketApi[];
  readonly sources: Sources;
}

/** Finds out when a run has nothing left to do, by asking all of its parts until none of them has done anything more. */
export class Settling {
  #activity = 0;

  noteActivity(): void {
    this.#activity += 1;
  }

  /** Wraps a recorder: what it records is activity. */
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
   * Resolves when streams are read to their ends, queues with consumers hold nothing that could be received, and no
   * delivery or invocation is under way or due for a retry. Messages whose retry waits for a visibility timeout do not
   * count, for they may wait for hours; those whose retry the pace of the run has set do.
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
