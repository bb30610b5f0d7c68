import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationSortKey, type Key } from '../../core/table/keys.ts';
import { attachmentDueSortKey, leasesSortKey, logEntryPrefix, outboxPrefix } from '../../core/table/schema.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { eventOfDueAttachment, eventOfEntry, eventOfOutbox, publish } from './bus-events.ts';
import type { ChangedEntry } from './changed-entry.ts';
import { deliverAgain } from './deliver-again.ts';
import { projectGroups } from './project-groups.ts';
import { projectSummaries } from './project-summaries.ts';
import { projectLeases } from './project-leases.ts';

/**
 * What follows from changes of the table: summaries and senders' watermarks move on, memberships follow their groups, events
 * go to the bus, the senders' other devices hear of what was sent, everybody once more of what is urgent, and others of
 * who came or left. Comes at least once, so each part is idempotent.
 * @returns the changes that have to come again.
 */
export async function projectChanges(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const entries = changes.filter(isLogEntry).map(toChangedEntry);
  const appended = entries.filter(({ change }) => change.kind === 'insert');
  const outbox = changes.filter((change) => change.kind === 'insert' && change.key.pk.startsWith(outboxPrefix));
  const due = changes.filter((change) => change.kind === 'remove' && change.key.sk === attachmentDueSortKey);
  const failures = await settleAll([
    projectSummaries(entries),
    projectGroups(changes.filter(isGroup)),
    publish([
      ...appended.map(eventOfEntry).filter((event) => event !== undefined),
      ...outbox.map(eventOfOutbox),
      ...due.map(eventOfDueAttachment),
    ]),
    deliverAgain(appended).then(() => []),
    projectLeases(changes.filter(isOfLeases)),
  ]);
  return failures.flat();
}

function isOfLeases({ key }: ItemChange): boolean {
  return key.sk === leasesSortKey;
}

function isLogEntry({ kind, item, key }: ItemChange): boolean {
  return kind !== 'remove' && item !== undefined && key.pk.startsWith('C#') && key.sk.startsWith(logEntryPrefix);
}

function isGroup({ kind, item, key }: ItemChange): boolean {
  return kind !== 'remove' && key.sk === conversationSortKey && item?.['kind'] === 'group';
}

function toChangedEntry(change: ItemChange): ChangedEntry {
  return {
    change,
    scope: change.scope,
    conversationId: change.key.pk.slice('C#'.length),
    entry: fromStoredEntry(change.item as unknown as StoredEntry & Key),
  };
}
