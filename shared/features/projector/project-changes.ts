import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf, isConversation, isLogEntry, type Key } from '../../core/table/keys.ts';
import { attachmentDueSortKey, leasesSortKey, outboxPrefix } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { eventOfDueAttachment, eventOfOutbox, eventsOfEntries, type PendingEvent, publish } from './bus-events.ts';
import { alertAgain } from './alert-again.ts';
import type { ChangedEntry } from './changed-entry.ts';
import { deliverAgain } from './deliver-again.ts';
import { projectAccess } from './project-access.ts';
import { projectGroups } from './project-groups.ts';
import { projectSummaries } from './project-summaries.ts';
import { projectLeases } from './project-leases.ts';
import { projectTimers } from './project-timers.ts';

/**
 * Updates projections, publishes events, sets timers, and delivers entries and presence. Each change arrives at least
 * once, so every part is idempotent.
 * @returns the changes to process again.
 */
export async function projectChanges(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const entries = changes.filter(isEntry).map(toChangedEntry);
  const appended = entries.filter(({ change }) => change.kind === 'insert');
  const outbox = changes.filter((change) => change.kind === 'insert' && change.key.pk.startsWith(outboxPrefix));
  const due = changes.filter((change) => change.kind === 'remove' && change.key.sk === attachmentDueSortKey);
  const failures = await settleAll([
    projectSummaries(entries),
    projectGroups(changes.filter(isChangedConversation)),
    publishAll(appended, [...outbox.map(eventOfOutbox), ...due.map(eventOfDueAttachment)]),
    deliverAgain(appended).then(() => []),
    alertAgain(appended).then(() => []),
    projectAccess(changes).then(() => []),
    projectLeases(changes.filter(isOfLeases)),
    projectTimers(changes),
  ]);
  return failures.flat();
}

async function publishAll(
  appended: readonly ChangedEntry[],
  others: readonly PendingEvent[],
): Promise<readonly ItemChange[]> {
  const { events, failed } = await eventsOfEntries(appended);
  return [...failed, ...(await publish([...events, ...others]))];
}

function isOfLeases({ key }: ItemChange): boolean {
  return key.sk === leasesSortKey;
}

function isEntry({ kind, item, key }: ItemChange): boolean {
  return kind !== 'remove' && item !== undefined && isLogEntry(key);
}

function isChangedConversation({ kind, key }: ItemChange): boolean {
  return kind !== 'remove' && isConversation(key);
}

function toChangedEntry(change: ItemChange): ChangedEntry {
  return {
    change,
    scope: change.scope,
    conversationId: conversationIdOf(change.key),
    entry: fromStoredEntry(change.item as unknown as StoredEntry & Key),
  };
}
