import type * as z from 'zod/mini';
import type { ObjectSchema } from './define-route.ts';

/** Delivered at least once to each consumer. */
export interface BusEvent {
  readonly type: string;
  readonly version: number;
  readonly summary: string;
  /** No message text, contact data or secret. */
  readonly data: ObjectSchema;
  /** For a consumer of the service itself, which gets it whether or not the tenant’s sink is known to be in use. */
  readonly isInternal?: true;
}

export function defineEvent<const Type extends string, Data extends ObjectSchema>(event: {
  readonly type: Type;
  readonly version: number;
  readonly summary: string;
  readonly data: Data;
  readonly isInternal?: true;
}) {
  return Object.freeze(event);
}

export type EventData<E extends BusEvent> = z.output<E['data']>;
