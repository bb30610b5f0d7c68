import { wakeAttribute } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { WakeUp } from '../../core/timers/timer-rules.ts';

export interface NewTimer {
  readonly change: ItemChange;
  readonly wakeUp: WakeUp;
}

/**
 * The newest timer of each item whose timer was set or replaced.
 * @param changes - in the order of the stream.
 */
export function newTimers(changes: readonly ItemChange[]): readonly NewTimer[] {
  const newest = new Map<string, NewTimer>();
  for (const change of changes) {
    const wakeAt = timerOf(change.item);
    if (wakeAt === undefined || wakeAt === timerOf(change.before)) continue;
    const { scope, key } = change;
    const { tenantId } = scope;
    newest.set(JSON.stringify([tenantId, key.pk, key.sk]), { change, wakeUp: { tenantId, ...key, wakeAt } });
  }
  return [...newest.values()];
}

function timerOf(item: ItemChange['item']): number | undefined {
  const wakeAt = item?.[wakeAttribute];
  return typeof wakeAt === 'number' ? wakeAt : undefined;
}
