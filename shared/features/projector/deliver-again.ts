import type { EventEnvelope } from '../../contract/events/server-events.ts';
import { accessTo, type Visibility } from '../log/access.ts';
import { type ConversationItem, participantIdsOf } from '../log/conversation-item.ts';
import { readConversations } from '../log/conversation-store.ts';
import { eventFor, withTargets } from '../timeline/entry-events.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Connection, connectionsOf } from '../../core/delivery/connections.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ChangedEntry, conversationOfEntry } from './changed-entry.ts';

/**
 * Delivers entries to their senders' other connections, and urgent entries to every participant. Each connection
 * receives frames in order. Failures are not retried: clients detect missing numbers or catch up.
 */
export async function deliverAgain(appended: readonly ChangedEntry[]): Promise<void> {
  const byTenant = Map.groupBy(appended, (changedEntry) => changedEntry.scope.tenantId);
  await settleAll(
    [...byTenant.values()].map(async (entries) => {
      const scope = entries[0]?.scope;
      if (scope === undefined) return;
      try {
        await deliverOfTenant(scope, entries);
      } catch (error) {
        log('warn', 'echo.failed', { tenantId: scope.tenantId, count: entries.length }, error);
        count('DeliveryFailed');
      }
    }),
  );
}

async function deliverOfTenant(scope: TenantScope, entries: readonly ChangedEntry[]): Promise<void> {
  const urgent = [
    ...new Set(entries.filter(({ entry }) => entry.urgent).map((changedEntry) => changedEntry.conversationId)),
  ];
  // A user who was removed meanwhile must receive nothing.
  const items = await readConversations(scope, urgent, { consistent: true });
  const people = new Set(entries.map(({ entry }) => entry.senderId));
  for (const item of items.values()) for (const userId of participantIdsOf(item)) people.add(userId);

  const queues = (await connectionsOf(scope, [...people]))
    .map((connection) => ({
      connection,
      entries: entries.filter((changedEntry) =>
        isFor(connection, changedEntry, items.get(changedEntry.conversationId)),
      ),
    }))
    .filter((queue) => queue.entries.length > 0);
  if (queues.length === 0) return;
  const [keys, targets] = await settleAll([tenantKeys(scope), targetsOf(queues.flatMap((queue) => queue.entries))]);
  await settleAll(
    queues.map(async ({ connection: { userId, connectionId }, entries: pending }) => {
      for (const changedEntry of pending) {
        const frame = frameOf(keys, changedEntry, targets, items.get(changedEntry.conversationId), userId);
        const [result] = await deliver(scope, [{ userId, connectionId, frame }]);
        if (result !== 'delivered') return;
      }
    }),
  );
}

function isFor(connection: Connection, { entry }: ChangedEntry, item: ConversationItem | undefined): boolean {
  if (entry.origin === connection.connectionId) return false;
  if (!entry.urgent) return entry.senderId === connection.userId;
  const access = item && accessTo(item, connection);
  return access !== undefined && entry.seq >= access.visibleFrom;
}

type Targets = ReadonlyMap<string, ReadonlyMap<number, LogEntry>>;

async function targetsOf(entries: readonly ChangedEntry[]): Promise<Targets> {
  const byConversation = Map.groupBy(new Set(entries), conversationOfEntry);
  return new Map(
    await settleAll(
      [...byConversation].map(async ([conversation, changed]) => {
        const [first] = changed;
        const changing = changed
          .map((changedEntry) => changedEntry.entry)
          .filter((entry) => entry.target !== undefined);
        if (first === undefined || changing.length === 0) return [conversation, new Map<number, LogEntry>()] as const;
        return [conversation, await withTargets(first, changing)] as const;
      }),
    ),
  );
}

/** The sender may see the entry. */
const ownEntries: Visibility = { visibleFrom: 1, audiences: ['everyone', 'agents'] };

function frameOf(
  keys: TenantKeys,
  changedEntry: ChangedEntry,
  targets: Targets,
  item: ConversationItem | undefined,
  userId: string,
): EventEnvelope {
  const { scope, conversationId, entry } = changedEntry;
  const changed =
    entry.target === undefined ? undefined : targets.get(conversationOfEntry(changedEntry))?.get(entry.target);
  const visibility = (item && accessTo(item, { userId })) ?? ownEntries;
  return eventFor({ keys, scope, conversationId }, entry, changed, visibility);
}
