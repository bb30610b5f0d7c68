import type { EventEnvelope } from '../../contract/events/server-events.ts';
import { eventFrame } from '../../core/delivery/frames.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { isVisible, type Visibility } from '../log/access.ts';
import { type LogOwner, openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { type LogAddress, readEntries, readEntry } from '../log/log-store.ts';
import { supportFor } from '../log/support-view-rules.ts';
import { messageOf } from './message-view.ts';

/**
 * The same for live delivery, `sync.page` and repeated delivery.
 * @param changed - the message that the entry changes, if any.
 */
export function eventOf(
  owner: LogOwner,
  entry: LogEntry,
  changed?: LogEntry,
  visibility?: Pick<Visibility, 'audiences'>,
): EventEnvelope {
  const { kind, seq, createdAt } = entry;
  const needsContent = kind.serverEvent?.data !== undefined;
  if (kind.serverEvent === undefined || (needsContent && owner.isErased === true)) return hiddenEvent(owner, entry);
  const subject = kind.changesMessage === undefined ? entry : changed;
  if (subject === undefined) throw new Error(`No message for entry ${seq}`);
  const { conversationId } = owner;
  const content = () => openContent(owner, entry);
  const data =
    kind.serverEvent.data?.({ conversationId, entry, subject, content }) ??
    messageOf(owner, subject, 'sent', visibility);
  return eventFrame(kind.serverEvent.type, { conversationId, seq, at: toTimestamp(createdAt) }, data);
}

/** Contains only the number if the reader may not see the entry. */
export function eventFor(
  owner: LogOwner,
  entry: LogEntry,
  changed: LogEntry | undefined,
  visibility: Visibility,
): EventEnvelope {
  return isVisible(entry, visibility, changed)
    ? eventOf(owner, entry, changed, visibility)
    : hiddenEvent(owner, entry, visibility);
}

/** A reader who may not see the entry sees its effect on the support conversation. */
function hiddenEvent(
  { conversationId }: LogOwner,
  { seq, createdAt, support }: LogEntry,
  visibility?: Pick<Visibility, 'audiences'>,
): EventEnvelope {
  const data = support && visibility ? { support: supportFor(support, visibility.audiences) } : {};
  return eventFrame('entry.hidden', { conversationId, seq, at: toTimestamp(createdAt) }, data);
}

/**
 * Starts at the first visible entry.
 * @param settled - from {@link withTargets}.
 */
export function eventsOf(
  owner: LogOwner,
  entries: readonly LogEntry[],
  settled: ReadonlyMap<number, LogEntry>,
  visibility: Visibility,
): readonly EventEnvelope[] {
  return entries
    .filter((entry) => entry.seq >= visibility.visibleFrom)
    .map((entry) => {
      const changed = entry.target === undefined ? undefined : settled.get(entry.target);
      return eventFor(owner, settled.get(entry.seq) ?? entry, changed, visibility);
    });
}

/**
 * Adds the messages that the entries change. Each is at least as new as its changes: a query is not a snapshot, so it
 * can return an edit with the older message.
 */
export async function withTargets(
  log: LogAddress,
  entries: readonly LogEntry[],
): Promise<ReadonlyMap<number, LogEntry>> {
  const found = new Map(entries.map((entry) => [entry.seq, entry]));
  const changes = new Map<number, number>();
  for (const { seq, target } of entries) {
    if (target !== undefined) changes.set(target, Math.max(seq, changes.get(target) ?? 0));
  }
  const outside = [...changes.keys()].filter((seq) => !found.has(seq));
  if (outside.length > 0) {
    for (const entry of await readEntries(log, outside)) found.set(entry.seq, entry);
  }
  for (const [target, changedBy] of changes) {
    if ((found.get(target)?.changes.updatedSeq ?? 0) >= changedBy) continue;
    const current = await readEntry(log, target);
    if (current !== undefined) found.set(target, current);
  }
  return found;
}
