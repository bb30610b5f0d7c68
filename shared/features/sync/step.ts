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
  | { readonly done: string };
