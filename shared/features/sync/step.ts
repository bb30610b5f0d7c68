import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { Since } from './since-rules.ts';

/** A step of catching up: an event with the client's position after it, or the end of a conversation. */
export type CatchUpStep =
  | {
      readonly event: EventEnvelope;
      /** The position in the event's conversation; absent if the event does not move it. */
      readonly position?: number;
      /** The position in the changes of memberships; absent if the event is of a conversation's log. */
      readonly since?: Since;
    }
  | { readonly done: string };
