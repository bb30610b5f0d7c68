import { entryOf } from '../../../shared/client/event-entry-rules.ts';
import { serverEventOf } from '../../../shared/client/server-event.ts';
import { addEntries, addPage, emptyTimeline, messagesOf } from '../../../shared/client/timeline.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { eventsOf, withTargets } from '../../../shared/features/timeline/entry-events.ts';
import { openContent } from '../../../shared/features/log/log-content.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import { readForward } from '../../../shared/features/log/log-store.ts';
import { messageOf } from '../../../shared/features/timeline/message-view.ts';
import { toTimestamp } from '../../../shared/core/runtime/clock.ts';
import type { LogStage } from '../../integration/log/log-stage.ts';
import { replayed } from '../history/changes-checker.ts';
import type { ChangeKind, LoggedEntry, SeenMessage, ReceivedMessages } from '../history/history.ts';
import { seenOf } from './seen.ts';

export function loggedOf(
  { keys, scope }: LogStage,
  conversationId: string,
  entries: readonly LogEntry[],
): LoggedEntry[] {
  const owner = { keys, scope, conversationId };
  return entries.map((entry) => {
    const { seq, kind, senderId, target, createdAt } = entry;
    const content = openContent(owner, entry);
    const text = 'text' in content ? content.text : undefined;
    if (kind.isShown) return { seq, message: seenOf(messageOf(owner, entry)), original: text };
    const reaction = content.type === 'reaction' ? { emoji: content.emoji, added: content.added } : {};
    const logged = { kind: kind.name as ChangeKind, senderId, target: target ?? 0, at: toTimestamp(createdAt) };
    return { seq, message: undefined, change: { ...logged, text, ...reaction } };
  });
}

const wholeLog = { visibleFrom: 1, audiences: ['everyone'] } as const;

export async function resumed(
  { keys, scope }: LogStage,
  conversationId: string,
  log: readonly LoggedEntry[],
  after: number,
): Promise<ReceivedMessages> {
  const owner = { keys, scope, conversationId };
  let timeline = addPage(emptyTimeline(conversationId, ''), messagesAt(log, after), { after: 0, through: after });
  const messages: SeenMessage[] = [];
  for (let position = after; ;) {
    const entries = await readForward(owner, position, 100);
    const last = entries.at(-1);
    if (last === undefined) break;
    for (const envelope of eventsOf(owner, entries, await withTargets(owner, entries), wholeLog)) {
      const event = serverEventOf(envelope);
      const entry = event && entryOf(event);
      if (event?.type === 'message.created') messages.push(seenOf(event.data));
      if (entry !== undefined) timeline = addEntries(timeline, [entry]);
    }
    position = last.seq;
  }
  const held = messagesOf(timeline).map(seenOf);
  return { observer: 'a resuming client', way: 'resume', after, messages, held };
}

function messagesAt(log: readonly LoggedEntry[], end: number): readonly Message[] {
  const changes = Map.groupBy(
    log.flatMap(({ seq, change }) => (change === undefined || seq > end ? [] : [{ ...change, seq }])),
    ({ target }) => target,
  );
  return log.flatMap(({ seq, message, original }) => {
    if (message === undefined || seq > end) return [];
    const now = JSON.parse(message.shown) as Message;
    const { text, updatedSeq, editedAt, deletedAt, reactions } = replayed(seq, original ?? '', changes.get(seq) ?? []);
    const { conversationId, senderId, clientMessageId, type, createdAt } = now;
    const common = {
      conversationId,
      seq,
      senderId,
      clientMessageId,
      type,
      createdAt,
      updatedSeq,
      status: 'sent',
    } as const;
    return [
      {
        ...common,
        ...(text === undefined ? {} : { text }),
        ...(editedAt === undefined ? {} : { editedAt }),
        ...(deletedAt === undefined ? {} : { deletedAt }),
        ...(reactions.length === 0
          ? {}
          : { reactions: reactions.map(({ emoji, userIds }) => ({ emoji, userIds: [...userIds] })) }),
      },
    ];
  });
}
