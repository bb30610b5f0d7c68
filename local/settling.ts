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

/** Idle: no part has been active since the last round. */
export class Settling {
  #activity = 0;

  noteActivity(): void {
    this.#activity += 1;
  }

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
   * Resolves when streams are read, queues with consumers have no visible message, and nothing is pending. Ignores
   * messages that wait for a visibility timeout, except with the retry time of `LocalPace`.
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
