import { presenceChanged } from '../../contract/events/server-events.ts';
import { presenceAudiencesOf } from './contacts.ts';
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

/** Clients of larger groups request presence. */
const mostPeople = 50;

/**
 * Lost frames are not repeated.
 * @returns the changes to process again, because a read failed.
 */
export async function announcePresence(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const byTenant = Map.groupBy(changes, ({ scope }) => scope.tenantId);
  const failed = await settleAll(
    [...byTenant.values()].map(async (changes) => {
      const scope = changes[0]?.scope;
      if (scope === undefined) return [];
      try {
        await announceInTenant(scope, [...new Set(changes.map(({ key }) => userIdOf(key)))]);
      } catch (error) {
        log('error', 'presence.not-announced', { tenantId: scope.tenantId, count: changes.length }, error);
        count('Failures');
        return changes;
      }
      return [];
    }),
  );
  return failed.flat();
}

async function announceInTenant(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  const audiences = await presenceAudiencesOf(scope, userIds, mostPeople);
  const changes = [];
  for await (const [userId, state] of mapConcurrent(
    userIds,
    8,
    async (id) => [id, await leaseState(scope, id)] as const,
  )) {
    changes.push({ presence: presenceOf(userId, state, now()), watchers: audiences.get(userId) ?? [] });
  }
  const users = presencesByWatcher(changes);
  const frames = new Map(
    [...users].map(([watcher, presences]) => [watcher, controlFrame(presenceChanged, { users: [...presences] })]),
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
