import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { Since } from './since-rules.ts';

/** A step of catching up: an event, and where the client is after it; or that a conversation is told to its end. */
export type CatchUpStep =
  | {
      readonly event: EventEnvelope;
      /** The position in the event's conversation; absent if the event does not move it. */
      readonly position?: number;
      /** The place in the changes of conversations; absent if the event is of a conversation's log. */
      readonly since?: Since;
    }
  | { readonly done: string };
