import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { Since } from './since-rules.ts';

export type CatchUpStep =
  | {
      readonly event: EventEnvelope;
      /** Absent if the event does not move it. */
      readonly position?: number;
      /** Absent for events of a conversation's log. */
      readonly since?: Since;
    }
  /** The changes of support conversations are not known. */
  | { readonly listQueues: true }
  | { readonly done: string };
