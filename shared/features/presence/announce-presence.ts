import { presenceChanged } from '../../contract/events/server-events.ts';
import { closeCirclesOf } from './contacts.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { controlFrame } from '../../core/delivery/frames.ts';
import { leaseState } from '../../core/delivery/leases.ts';
import { presenceOf, presencesByWatcher } from '../../core/delivery/presence-rules.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { userIdOf } from '../../core/table/keys.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** Larger groups do not hear of their people's presence; they ask. */
const mostPeople = 50;

/**
 * Tells people of those whose presence changed: what is true now, not what it was at the change. One frame for each
 * connection of a watcher and batch, with all that changed for it.
 * @returns the changes that have to come again, since it was not found out whom to tell what. Lost frames are not
 * repeated: clients ask while they show people.
 */
export async function tellPresence(news: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const byTenant = Map.groupBy(news, ({ scope }) => scope.tenantId);
  const failed = await settleAll(
    [...byTenant.values()].map(async (changes) => {
      const scope = changes[0]?.scope;
      if (scope === undefined) return [];
      try {
        await tellTenant(scope, [...new Set(changes.map(({ key }) => userIdOf(key)))]);
      } catch (error) {
        log('error', 'presence.not-told', { tenantId: scope.tenantId, count: changes.length }, error);
        count('Failures');
        return changes;
      }
      return [];
    }),
  );
  return failed.flat();
}

async function tellTenant(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  const circles = await closeCirclesOf(scope, userIds, mostPeople);
  const changes = [];
  for await (const [userId, state] of mapConcurrent(
    userIds,
    8,
    async (one) => [one, await leaseState(scope, one)] as const,
  )) {
    changes.push({ presence: presenceOf(userId, state, now()), watchers: circles.get(userId) ?? [] });
  }
  const users = presencesByWatcher(changes);
  const frames = new Map(
    [...users].map(([watcher, known]) => [watcher, controlFrame(presenceChanged, { users: [...known] })]),
  );
  const connections = await connectionsOf(scope, [...frames.keys()]);
  await deliver(
    scope,
    connections.flatMap(({ userId, connectionId }) => {
      const frame = frames.get(userId);
      return frame === undefined ? [] : [{ userId, connectionId, frame }];
    }),
  );
}
