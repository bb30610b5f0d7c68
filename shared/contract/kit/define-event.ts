import type * as z from 'zod/mini';
import type { ObjectSchema } from './define-route.ts';

/** Delivered at least once to each consumer. */
export interface BusEvent {
  readonly type: string;
  readonly version: number;
  readonly summary: string;
  /** No message text, contact data or secret. */
  readonly data: ObjectSchema;
}

export function defineEvent<const Type extends string, Data extends ObjectSchema>(event: {
  readonly type: Type;
  readonly version: number;
  readonly summary: string;
  readonly data: Data;
}) {
  return Object.freeze(event);
}

export type EventData<E extends BusEvent> = z.output<E['data']>;
