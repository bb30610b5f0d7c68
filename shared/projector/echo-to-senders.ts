import { messageCreatedFrame, messageOf } from '../conversations/message-view.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { connectionsOf } from '../realtime/connections.ts';
import { deliver, type Post } from '../realtime/delivery.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { ItemChange } from '../table/stream-record.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import type { AppendedEntry } from './appended-entry.ts';

/**
 * Brings what a user sent to the user's other devices and tabs. Not in the sending function: there it would cost every
 * send a read, here it is one for each sender of a batch. Frames of a connection go out in order.
 * A failure is not retried: those devices see the hole, or catch up when they come back.
 */
export async function echoToSenders(appended: readonly AppendedEntry[]): Promise<readonly ItemChange[]> {
  const byTenant = Map.groupBy(appended, (one) => one.scope.tenantId);
  await together(
    [...byTenant.values()].map(async (entries) => {
      const scope = entries[0]?.scope;
      if (scope === undefined) return;
      try {
        await echoOfTenant(scope, entries);
      } catch (error) {
        log('warn', 'echo.failed', { tenantId: scope.tenantId, count: entries.length }, error);
        count('DeliveryFailed');
      }
    }),
  );
  return [];
}

async function echoOfTenant(scope: TenantScope, entries: readonly AppendedEntry[]): Promise<void> {
  const senders = [...new Set(entries.map((one) => one.entry.senderId))];
  const connections = await connectionsOf(scope, senders);
  const queues = connections
    .map((connection) => ({
      connection,
      entries: entries.filter(
        ({ entry }) => entry.senderId === connection.userId && entry.origin !== connection.connectionId,
      ),
    }))
    .filter((queue) => queue.entries.length > 0);
  if (queues.length === 0) return;
  const keys = await tenantKeys(scope);
  await together(
    queues.map(async ({ connection, entries: missing }) => {
      for (const { conversationId, entry } of missing) {
        const frame = messageCreatedFrame(messageOf(keys, scope, conversationId, entry));
        const post: Post = { userId: connection.userId, connectionId: connection.connectionId, frame };
        const [result] = await deliver(scope, [post]);
        if (result !== 'delivered') return;
      }
    }),
  );
}
