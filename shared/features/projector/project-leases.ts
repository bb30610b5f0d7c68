import { keepLastSeen, leaseStateOf } from '../../core/delivery/leases.ts';
import { isNews } from '../../core/delivery/presence-rules.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { userIdOf } from '../../core/table/keys.ts';
import { newsAttribute } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { announcePresence } from '../presence/announce-presence.ts';

/**
 * Announces changes of presence that others can see. Stores when a user was last seen after the table removes the
 * leases.
 * @returns the changes to process again.
 */
export async function projectLeases(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const removed = changes.filter(({ kind }) => kind === 'remove');
  // Stored first: the announcement includes it.
  const failed = await settleAll(removed.map(keep));
  const unannounced = await announcePresence(changes.filter(isOfInterest));
  return [...failed.filter((change) => change !== undefined), ...unannounced];
}

async function keep(change: ItemChange): Promise<ItemChange | undefined> {
  const userId = userIdOf(change.key);
  try {
    await keepLastSeen(change.scope, userId, leaseStateOf(change.before));
    return undefined;
  } catch (error) {
    log('error', 'presence.not-kept', { userId }, error);
    count('Failures');
    return change;
  }
}

function isOfInterest({ item, before }: ItemChange): boolean {
  // The stream may be late.
  const at = Number(item?.[newsAttribute] ?? now());
  return isNews(leaseStateOf(before), leaseStateOf(item), at);
}
