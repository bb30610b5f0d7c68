import type { EventEnvelope } from '../../contract/events/server-events.ts';
import { deskReaders } from '../log/audience.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';
import { type Access, accessTo, type Reader, type Visibility } from '../log/access.ts';
import { type ConversationItem, participantIdsOf } from '../log/conversation-item.ts';
import { readConversations } from '../log/conversation-store.ts';
import { eventFor, withTargets } from '../timeline/entry-events.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Connection, connectionsOf } from '../../core/delivery/connections.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ChangedEntry, conversationOfEntry } from './changed-entry.ts';

/**
 * Delivers entries to their senders' other connections, those that ask for it to every participant, and messages that change
 * the state of a support conversation to every agent with access. Each connection receives frames in order. Failures are not retried: clients detect missing numbers or catch up.
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
  // A support conversation has keys and readers of its own.
  const needsItem = entries.filter(({ entry }) => entry.deliversAgain || entry.isOfSupport === true);
  const ids = [...new Set(needsItem.map(({ conversationId }) => conversationId))];
  // A user who was removed meanwhile must receive nothing.
  const items = await readConversations(scope, ids, { consistent: true });
  const people = new Set(entries.map(({ entry }) => entry.senderId));
  const readers = await readersOf(scope, items);
  for (const known of readers.values()) for (const userId of known.keys()) people.add(userId);

  const queues = (await connectionsOf(scope, [...people]))
    .map((connection) => ({
      connection,
      entries: entries.filter((changedEntry) =>
        isFor(connection, changedEntry, accessOf(items, readers, changedEntry.conversationId, connection.userId)),
      ),
    }))
    .filter((queue) => queue.entries.length > 0);
  if (queues.length === 0) return;
  const [tenant, targets, owners] = await settleAll([
    tenantKeys(scope),
    targetsOf(queues.flatMap((queue) => queue.entries)),
    ownersOf(scope, items),
  ]);
  await settleAll(
    queues.map(async ({ connection: { userId, connectionId }, entries: pending }) => {
      for (const changedEntry of pending) {
        const { conversationId } = changedEntry;
        const owner = owners.get(conversationId) ?? { keys: tenant, scope, conversationId };
        const visibility = accessOf(items, readers, conversationId, userId) ?? ownEntries;
        const frame = frameOf(owner, changedEntry, targets, visibility);
        const [result] = await deliver(scope, [{ userId, connectionId, frame }]);
        if (result !== 'delivered') return;
      }
    }),
  );
}

function isFor(connection: Connection, { entry }: ChangedEntry, access: Access | undefined): boolean {
  if (entry.origin === connection.connectionId) return false;
  const isForAll = entry.deliversAgain || isForLists(connection, entry, access);
  if (!isForAll && entry.senderId !== connection.userId) return false;
  if (!isForAll && entry.isOfSupport !== true) return true;
  return access !== undefined && entry.seq >= access.visibleFrom;
}

/** Lists of the desk show the state that a message changes. The assignee has received it with the message. */
function isForLists({ userId }: Connection, { support }: LogEntry, access: Access | undefined): boolean {
  return support !== undefined && access?.role === 'agent' && support.assigneeId !== userId;
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

type Items = ReadonlyMap<string, ConversationItem>;
/** By conversation and user. */
type Readers = ReadonlyMap<string, ReadonlyMap<string, Reader>>;

async function readersOf(scope: TenantScope, items: Items): Promise<Readers> {
  const found = await settleAll(
    [...items].map(async ([conversationId, item]) => {
      const participants = participantIdsOf(item).map((userId): Reader => ({ userId }));
      const agents = item.kind === 'support' ? await deskReaders(scope, item) : [];
      return [conversationId, new Map([...participants, ...agents].map((reader) => [reader.userId, reader]))] as const;
    }),
  );
  return new Map(found);
}

async function ownersOf(scope: TenantScope, items: Items): Promise<ReadonlyMap<string, LogOwner>> {
  const support = [...items].filter(([, { kind }]) => kind === 'support');
  const owners = await settleAll(
    support.map(
      async ([conversationId, item]) => [conversationId, await ownerOf({ scope, conversationId, item })] as const,
    ),
  );
  return new Map(owners);
}

function accessOf(items: Items, readers: Readers, conversationId: string, userId: string): Access | undefined {
  const item = items.get(conversationId);
  const reader = readers.get(conversationId)?.get(userId);
  return item === undefined || reader === undefined ? undefined : accessTo(item, reader);
}

/** The sender may see the entry. */
const ownEntries: Visibility = { visibleFrom: 1, audiences: ['everyone', 'agents'] };

function frameOf(owner: LogOwner, changedEntry: ChangedEntry, targets: Targets, visibility: Visibility): EventEnvelope {
  const { entry } = changedEntry;
  const changed =
    entry.target === undefined ? undefined : targets.get(conversationOfEntry(changedEntry))?.get(entry.target);
  return eventFor(owner, entry, changed, visibility);
}
