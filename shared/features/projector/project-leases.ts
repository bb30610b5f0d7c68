import { keepLastSeen, leaseStateOf } from '../../core/delivery/leases.ts';
import { isNews, presenceOf } from '../../core/delivery/presence-rules.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { userIdOf } from '../../core/table/keys.ts';
import { newsAttribute } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { notePresence } from '../desk/agents/note-presence.ts';
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
  const ofInterest = changes.filter(isOfInterest);
  const [unannounced, unnoted] = await settleAll([announcePresence(ofInterest), settleAll(ofInterest.map(note))]);
  const all = [...failed, ...unannounced, ...unnoted];
  return [...new Set(all.filter((change) => change !== undefined))];
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

/** The desk needs to know when an agent has gone. */
async function note(change: ItemChange): Promise<ItemChange | undefined> {
  const userId = userIdOf(change.key);
  const at = timeOf(change);
  try {
    await notePresence(change.scope, userId, presenceOf(userId, leaseStateOf(change.item), at).status, at);
    return undefined;
  } catch (error) {
    log('error', 'agent-presence.not-noted', { userId }, error);
    count('Failures');
    return change;
  }
}

/** The time of the change, because the stream may be late. */
function timeOf({ item }: Pick<ItemChange, 'item'>): number {
  return Number(item?.[newsAttribute] ?? now());
}

function isOfInterest({ item, before }: ItemChange): boolean {
  return isNews(leaseStateOf(before), leaseStateOf(item), timeOf({ item }));
}
