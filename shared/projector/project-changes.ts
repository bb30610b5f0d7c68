import type { BusEnvelope } from '../contract/events/envelope.ts';
import { messageCreatedEvent } from '../contract/events/events.ts';
import { advanceHead, advanceSender } from '../conversations/conversation-head.ts';
import { fromStoredEntry, type StoredEntry } from '../conversations/log/log-codec.ts';
import { toTimestamp } from '../runtime/clock.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { Key } from '../table/keys.ts';
import { logEntryPrefix, outboxPrefix } from '../table/schema.ts';
import type { ItemChange } from '../table/stream-record.ts';
import type { AppendedEntry } from './appended-entry.ts';
import { echoToSenders } from './echo-to-senders.ts';
import { publishEvents } from './publish-events.ts';

/**
 * What follows from changes of the table: heads and senders' watermarks move on, events go to the bus, the senders'
 * other devices hear of what was sent. Comes at least once, so each part is idempotent.
 * @returns the changes that have to come again.
 */
export async function projectChanges(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const inserted = changes.filter((change) => change.kind === 'insert' && change.item !== undefined);
  const appended = inserted.filter(isLogEntry).map(toAppended);
  const outbox = inserted.filter((change) => change.key.pk.startsWith(outboxPrefix));
  const failures = await together([
    projectHeads(appended),
    publish([...appended.map(toMessageEvent), ...outbox.map(toOutboxEvent)]),
    echoToSenders(appended),
  ]);
  return failures.flat();
}

function isLogEntry(change: ItemChange): boolean {
  return change.key.pk.startsWith('C#') && change.key.sk.startsWith(logEntryPrefix);
}

function toAppended(change: ItemChange): AppendedEntry {
  return {
    change,
    scope: change.scope,
    conversationId: change.key.pk.slice('C#'.length),
    entry: fromStoredEntry(change.item as unknown as StoredEntry & Key),
  };
}

/** One write for each conversation of the batch, and one for each of its senders, whatever the number of messages. */
async function projectHeads(appended: readonly AppendedEntry[]): Promise<readonly ItemChange[]> {
  const heads = new Map<string, AppendedEntry>();
  const senders = new Map<string, AppendedEntry>();
  for (const one of appended) {
    const conversation = `${one.scope.tenantId}/${one.conversationId}`;
    keepNewest(heads, conversation, one);
    keepNewest(senders, `${conversation}/${one.entry.senderId}`, one);
  }
  const failed = await together([
    ...[...heads.values()].map((one) => attempt(one, () => advanceHead(one.scope, one.conversationId, one.entry))),
    ...[...senders.values()].map((one) => attempt(one, () => advanceSender(one.scope, one.conversationId, one.entry))),
  ]);
  return failed.filter((change) => change !== undefined);
}

function keepNewest(newest: Map<string, AppendedEntry>, key: string, one: AppendedEntry): void {
  if ((newest.get(key)?.entry.seq ?? 0) < one.entry.seq) newest.set(key, one);
}

async function attempt(one: AppendedEntry, write: () => Promise<void>): Promise<ItemChange | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    log('error', 'projection.failed', { conversationId: one.conversationId, seq: one.entry.seq }, error);
    count('Failures');
    return one.change;
  }
}

interface PendingEvent {
  readonly change: ItemChange;
  readonly envelope: BusEnvelope;
}

async function publish(pending: readonly PendingEvent[]): Promise<readonly ItemChange[]> {
  if (pending.length === 0) return [];
  const failed = await publishEvents(pending.map((one) => one.envelope)).catch((error: unknown) => {
    log('error', 'publishing.failed', { count: pending.length }, error);
    count('Failures');
    return new Set(pending.map((one) => one.envelope.id));
  });
  return pending.filter((one) => failed.has(one.envelope.id)).map((one) => one.change);
}

function toMessageEvent({ change, scope, conversationId, entry }: AppendedEntry): PendingEvent {
  const envelope: BusEnvelope = {
    id: entry.entryId,
    type: messageCreatedEvent.type,
    version: messageCreatedEvent.version,
    tenantId: scope.tenantId,
    at: toTimestamp(entry.createdAt),
    data: { conversationId, seq: entry.seq, senderId: entry.senderId },
  };
  return { change, envelope };
}

function toOutboxEvent(change: ItemChange): PendingEvent {
  const item = change.item as unknown as Omit<BusEnvelope, 'tenantId'>;
  return {
    change,
    envelope: {
      id: item.id,
      type: item.type,
      version: item.version,
      tenantId: change.scope.tenantId,
      at: item.at,
      data: item.data,
    },
  };
}
