import type * as z from 'zod/mini';
import type { Schema } from './define-route.ts';

export interface ServerEvent {
  readonly type: string;
  /** An entry of a conversation's log, with a `seq`. */
  readonly lasting: boolean;
  /** Has the event envelope. Other frames are `{ type, data }`. */
  readonly event: boolean;
  readonly summary: string;
  readonly data: Schema;
}

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
