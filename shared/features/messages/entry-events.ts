import {
  conversationUpdated,
  entryHidden,
  type EventEnvelope,
  messageCreated,
  messageDeleted,
  messageUpdated,
  reactionUpdated,
} from '../../contract/events/server-events.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { eventFrame } from '../../core/delivery/frames.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { EntryReader } from '../log/entry-reader.ts';
import { messageOf, reactionsOf } from './message-view.ts';

/** Where an entry is, and what it takes to read it. */
export interface EntryPlace {
  readonly keys: TenantKeys;
  readonly scope: TenantScope;
  readonly conversationId: string;
}

/**
 * The event of an entry: the same live, in `sync.page` and whenever it is sent again, but that a message is told as it is
 * now.
 * @param changed - the message that the entry changes, if it does.
 */
export function eventOf(
  { keys, scope, conversationId }: EntryPlace,
  entry: LogEntry,
  changed?: LogEntry,
): EventEnvelope {
  const place = { conversationId, seq: entry.seq, at: toTimestamp(entry.createdAt) };
  const message = (one: LogEntry) => messageOf(keys, scope, conversationId, one);
  switch (entry.kind) {
    case 'message':
      return eventFrame(messageCreated, place, message(entry));
    case 'system':
      return eventFrame(conversationUpdated, place, message(entry));
    case 'edit':
      return eventFrame(messageUpdated, place, message(known(changed, entry)));
    case 'deletion':
      return eventFrame(messageDeleted, place, message(known(changed, entry)));
    case 'reaction': {
      const { seq: messageSeq, changes } = known(changed, entry);
      const content = openContent(keys, scope, conversationId, entry);
      if (content.type !== 'reaction') throw new Error('A reaction says something else');
      return eventFrame(reactionUpdated, place, {
        conversationId,
        messageSeq,
        updatedSeq: changes.updatedSeq,
        reactions: reactionsOf(changes.reactions),
        userId: entry.senderId,
        emoji: content.emoji,
        added: content.added,
      });
    }
  }
}

/** The same for somebody who sees nothing before the number `from`. */
export function eventFor(
  place: EntryPlace,
  entry: LogEntry,
  changed: LogEntry | undefined,
  from: number,
): EventEnvelope {
  if (entry.target === undefined || entry.target >= from) return eventOf(place, entry, changed);
  const { conversationId } = place;
  return eventFrame(entryHidden, { conversationId, seq: entry.seq, at: toTimestamp(entry.createdAt) }, {});
}

/** Events of a range of the log, with one more call where it changes messages outside of it. */
export async function eventsOf(
  place: EntryPlace,
  store: EntryReader,
  entries: readonly LogEntry[],
  from = 1,
): Promise<readonly EventEnvelope[]> {
  const settled = await withTargets(store, entries);
  return entries
    .filter((entry) => entry.seq >= from)
    .map((entry) => {
      const changed = entry.target === undefined ? undefined : settled.get(entry.target);
      return eventFor(place, settled.get(entry.seq) ?? entry, changed, from);
    });
}

/**
 * The entries by number, with the messages that they change, each at least as new as its changes among the entries. A
 * query is not a snapshot: it can find an edit, and the edited message as it was before.
 */
export async function withTargets(
  store: EntryReader,
  entries: readonly LogEntry[],
): Promise<ReadonlyMap<number, LogEntry>> {
  const found = new Map(entries.map((entry) => [entry.seq, entry]));
  /** The last change of each message among the entries. */
  const changes = new Map<number, number>();
  for (const { seq, target } of entries) {
    if (target !== undefined) changes.set(target, Math.max(seq, changes.get(target) ?? 0));
  }
  const outside = [...changes.keys()].filter((seq) => !found.has(seq));
  if (outside.length > 0) {
    for (const entry of await store.readEntries(outside)) found.set(entry.seq, entry);
  }
  for (const [target, changedBy] of changes) {
    if ((found.get(target)?.changes.updatedSeq ?? 0) >= changedBy) continue;
    const current = await store.readEntry(target);
    if (current !== undefined) found.set(target, current);
  }
  return found;
}

function known(changed: LogEntry | undefined, entry: LogEntry): LogEntry {
  if (changed === undefined) throw new Error(`The message that entry ${entry.seq} changes is not there`);
  return changed;
}
