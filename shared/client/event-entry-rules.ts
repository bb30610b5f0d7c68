import type { OutgoingTask } from './outgoing-task.ts';
import type { StoredOutcome } from './pending-message.ts';
import type { ServerEvent } from './server-event.ts';
import type { TimelineEntry } from './timeline.ts';

/** An entry that is told as such. */
export type LogEntry = TimelineEntry & { readonly seq: number };

/** What an event says of the log; nothing if it is a passing one. */
export function entryOf(event: ServerEvent): LogEntry | undefined {
  switch (event.type) {
    case 'message.created':
    case 'message.updated':
    case 'message.deleted':
    case 'conversation.updated':
      return { seq: event.seq, message: event.data };
    case 'reaction.updated':
      return { seq: event.seq, reactions: event.data };
    case 'entry.hidden':
      return { seq: event.seq };
    case 'unknown':
      return event.seq === undefined ? undefined : { seq: event.seq };
    default:
      return undefined;
  }
}

/**
 * What an acknowledgement says of the log: the entry is at the number that it names. A message as it is now tells all
 * that its last entry did; reactions do not, since an edit may have been the last.
 */
export function storedEntry({ message, reactions }: StoredOutcome, task: OutgoingTask): TimelineEntry {
  if (message === undefined) return { seq: reactions.seq, reactions };
  return { seq: task.kind === 'message' ? message.seq : message.updatedSeq, message };
}
