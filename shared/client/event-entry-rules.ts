import type { OutgoingTask } from './outgoing-task.ts';
import type { StoredOutcome } from './pending-message.ts';
import type { ServerEvent } from './server-event.ts';
import type { TimelineEntry } from './timeline.ts';

export type LogEntry = TimelineEntry & { readonly seq: number };

/** Undefined for a passing event. */
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

/** A message contains the effect of the entry at `updatedSeq`. Reactions do not: that entry may be an edit. */
export function storedEntry({ message, reactions }: StoredOutcome, task: OutgoingTask): TimelineEntry {
  if (message === undefined) return { seq: reactions.seq, reactions };
  return { seq: task.kind === 'message' ? message.seq : message.updatedSeq, message };
}
