import type { BusEnvelope } from '../../contract/events/envelope.ts';
import {
  attachmentDiscardedEvent,
  busEvents,
  messageCreatedEvent,
  urgentRaisedEvent,
} from '../../contract/events/events.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { attachmentIdOf } from '../../core/table/keys.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { raisesUrgency } from '../log/raises-urgency.ts';
import { sinksOf } from '../sinks/sink-store.ts';
import type { ChangedEntry } from './changed-entry.ts';
import { mentionsIn } from './mentions.ts';
import { publishEvents } from './publish-events.ts';

export interface PendingEvent {
  readonly change: ItemChange;
  readonly envelope: BusEnvelope;
}

/** @returns the changes whose events the bus did not accept. */
export async function publish(pending: readonly PendingEvent[]): Promise<readonly ItemChange[]> {
  if (pending.length === 0) return [];
  const failed = await publishMarked(pending).catch((error: unknown) => {
    log('error', 'publishing.failed', { count: pending.length }, error);
    count('Failures');
    return new Set(pending.map((event) => event.envelope.id));
  });
  return pending.filter((event) => failed.has(event.envelope.id)).map((event) => event.change);
}

async function publishMarked(pending: readonly PendingEvent[]): Promise<ReadonlySet<string>> {
  const marked = await settleAll(
    pending.map(async ({ change, envelope }): Promise<BusEnvelope> => {
      const sinks = await sinksOf(change.scope);
      return sinks.length === 0 ? envelope : { ...envelope, sinks: [...sinks] };
    }),
  );
  return publishEvents(marked);
}

/** @returns also the changes to process again, because the mentions of their messages are unknown. */
export async function eventsOfEntries(
  appended: readonly ChangedEntry[],
): Promise<{ readonly events: readonly PendingEvent[]; readonly failed: readonly ItemChange[] }> {
  const { idsByEntry, unknown } = await mentionsIn(appended);
  return {
    events: appended.flatMap((changed) =>
      unknown.has(changed) ? [] : [...eventOfEntry(changed, idsByEntry.get(changed) ?? []), ...eventOfUrgency(changed)],
    ),
    failed: [...unknown].map(({ change }) => change),
  };
}

/** The event has the entry's id. Empty if the kind has no event. */
function eventOfEntry(changed: ChangedEntry, mentionedIds: readonly string[]): readonly PendingEvent[] {
  const { entry } = changed;
  const event = busEvents.find(({ type }) => type === entry.kind.busEvent);
  // The urgency has all that is known of a step.
  if (event === undefined || event === urgentRaisedEvent) return [];
  return [
    pendingEvent(changed, event, entry.entryId, {
      ...(entry.target === undefined ? {} : { messageSeq: entry.target }),
      ...(mentionedIds.length === 0 ? {} : { mentionedIds }),
      ...(event === messageCreatedEvent && entry.isOfSupport === true ? { conversationKind: 'support' } : {}),
    }),
  ];
}

/** An entry that makes a conversation urgent has this event besides its own. A step of the escalation has no other. */
function eventOfUrgency(changed: ChangedEntry): readonly PendingEvent[] {
  const { entry } = changed;
  const { support } = entry;
  const isStep = entry.kind.busEvent === urgentRaisedEvent.type;
  if (support?.urgency === undefined || (!isStep && !raisesUrgency(entry))) return [];
  const { urgency, priority, teamId, assigneeId } = support;
  return [
    pendingEvent(changed, urgentRaisedEvent, isStep ? entry.entryId : `${entry.entryId}-urgent`, {
      urgentSeq: urgency.seq,
      step: urgency.step ?? 0,
      groups: urgency.alerted ?? [],
      priority,
      ...(teamId === undefined ? {} : { teamId }),
      ...(assigneeId === undefined ? {} : { assigneeId }),
    }),
  ];
}

function pendingEvent(
  { change, scope, conversationId, entry }: ChangedEntry,
  { type, version }: Pick<BusEnvelope, 'type' | 'version'>,
  id: string,
  data: BusEnvelope['data'],
): PendingEvent {
  const { seq, senderId, createdAt } = entry;
  return {
    change,
    envelope: {
      id,
      type,
      version,
      tenantId: scope.tenantId,
      at: toTimestamp(createdAt),
      data: { conversationId, seq, senderId, ...data },
    },
  };
}

export function eventOfOutbox(change: ItemChange): PendingEvent {
  const { id, type, version, at, data } = change.item as unknown as Omit<BusEnvelope, 'tenantId'>;
  return { change, envelope: { id, type, version, tenantId: change.scope.tenantId, at, data } };
}

/** The consumer checks whether the attachment was sent meanwhile. */
export function eventOfDueAttachment(change: ItemChange): PendingEvent {
  const attachmentId = attachmentIdOf(change.key);
  const { type, version } = attachmentDiscardedEvent;
  const [tenantId, at] = [change.scope.tenantId, toTimestamp(now())];
  return {
    change,
    envelope: { id: `${attachmentId}-due`, type, version, tenantId, at, data: { attachmentIds: [attachmentId] } },
  };
}
