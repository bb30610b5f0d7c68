import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { Post } from '../../core/delivery/delivery.ts';
import { accessTo, type Access } from '../log/access.ts';
import type { Recipient } from '../log/append-as-participant.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { eventFor, eventOf } from './entry-events.ts';

/** Returns the frames that announce an entry to its recipients, each with what the recipient may see. */
export function postsOf(
  owner: LogOwner,
  item: ConversationItem,
  entry: LogEntry,
  recipients: readonly Recipient[],
): readonly Post[] {
  if (item.kind !== 'support') {
    const frame = eventOf(owner, entry);
    return recipients.map(({ userId, connectionId }) => ({ userId, connectionId, frame }));
  }
  const frames = new Map<string, EventEnvelope>();
  const frameFor = (access: Access): EventEnvelope => {
    const name = access.audiences.join();
    const frame = frames.get(name) ?? eventFor(owner, entry, undefined, access);
    frames.set(name, frame);
    return frame;
  };
  return recipients.flatMap(({ userId, connectionId, reader }) => {
    const access = accessTo(item, reader);
    return access === undefined ? [] : [{ userId, connectionId, frame: frameFor(access) }];
  });
}
