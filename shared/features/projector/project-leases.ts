import { keepLastSeen, leaseStateOf } from '../../core/delivery/leases.ts';
import { isNews } from '../../core/delivery/presence-rules.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { newsAttribute } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { tellPresence } from '../presence/tell-presence.ts';

/**
 * Tells who came, went away or left, where that is news to others. Leases that all ran out are removed by the table some
 * time later; when the user was seen last is kept then.
 * @returns the changes that have to come again.
 */
export async function projectLeases(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const removed = changes.filter(({ kind }) => kind === 'remove');
  // Before anybody is told: it is part of what they are told.
  const failed = await settleAll(removed.map(keep));
  const untold = await tellPresence(changes.filter(isOfInterest));
  return [...failed.filter((change) => change !== undefined), ...untold];
}

async function keep(change: ItemChange): Promise<ItemChange | undefined> {
  const userId = change.key.pk.slice('U#'.length);
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
  // By the clock of whoever made the change: the stream may be late.
  const at = Number(item?.[newsAttribute] ?? now());
  return isNews(leaseStateOf(before), leaseStateOf(item), at);
}
