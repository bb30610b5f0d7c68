import type * as z from 'zod/mini';
import type { Schema } from './define-route.ts';

/** A frame from server to client that answers no action. */
export interface ServerEvent {
  readonly type: string;
  /** A lasting server event is an entry of a conversation's log and has a `seq`. */
  readonly lasting: boolean;
  /** True for events of a conversation, which have the event envelope. Other frames are `{ type, data }`. */
  readonly event: boolean;
  readonly summary: string;
  readonly data: Schema;
}

/** Defines one server → client frame as a frozen value. */
export function defineServerEvent<
  const Type extends string,
  const Lasting extends boolean,
  const Event extends boolean,
  Data extends Schema,
>(event: {
  readonly type: Type;
  readonly lasting: Lasting;
  readonly event: Event;
  readonly summary: string;
  readonly data: Data;
}) {
  return Object.freeze(event);
}

export type ServerEventData<P extends ServerEvent> = z.input<P['data']>;
