import type { Expression } from '../table/expression.ts';
import type { Key } from '../table/keys.ts';
import { tenantTable } from '../table/scoped-table.ts';
import { wakeAttribute } from '../table/schema.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { isDue, type Timed } from './timer-rules.ts';

/** A kind of item with timers. */
export interface TimerSubject {
  readonly name: string;
  /** Exactly one subject matches a key. */
  matches(key: Key): boolean;
  /**
   * Ignores an item that is not due. Otherwise acts, and changes or removes `wakeAt` in the same transaction as the
   * effect, on the condition {@link hasTimer}. Wake-ups may arrive late, twice and in any order.
   * @throws to receive the wake-up again.
   */
  wake(scope: TenantScope, key: Key, at: number): Promise<void>;
}

export interface Due {
  readonly wakeAt: number;
}

/** @returns undefined if the item does not exist or is not due. */
export async function readDue<Item>(scope: TenantScope, key: Key, at: number): Promise<(Item & Key & Due) | undefined> {
  const item = await tenantTable(scope).get<Item & Timed>(key, { consistent: true });
  return item !== undefined && isDue(item, at) ? (item as Item & Key & Due) : undefined;
}

/** Lets only one of two concurrent wake-ups act. */
export function hasTimer(wakeAt: number): Expression {
  return { expression: `#${wakeAttribute} = :${wakeAttribute}`, values: { [wakeAttribute]: wakeAt } };
}
