import type { SupportStateView } from '../contract/schemas/support.ts';
import type { OutgoingTask } from './outgoing-task.ts';
import { createsMessage } from './outgoing-task-rules.ts';
import type { StoredOutcome } from './pending-message.ts';
import type { ServerEvent } from './server-event.ts';
import type { TimelineEntry } from './timeline.ts';

export type LogEntry = TimelineEntry & {
  readonly seq: number;
  /** State of the support conversation after an entry that the user does not see. */
  readonly support?: SupportStateView;
};

/** Undefined for a passing event. */
export function entryOf(event: ServerEvent): LogEntry | undefined {
  switch (event.type) {
    case 'message.created':
    case 'message.updated':
    case 'message.deleted':
    case 'conversation.updated':
    case 'conversation.assigned':
    case 'urgent.acknowledged':
      return { seq: event.seq, message: event.data };
    case 'reaction.updated':
      return { seq: event.seq, reactions: event.data };
    case 'entry.hidden':
      return { seq: event.seq, ...(event.data.support === undefined ? {} : { support: event.data.support }) };
    case 'unknown':
      return event.seq === undefined ? undefined : { seq: event.seq };
    default:
      return undefined;
  }
}

/** A message contains the effect of the entry at `updatedSeq`. Reactions do not: that entry may be an edit. */
export function storedEntry({ message, reactions }: StoredOutcome, task: OutgoingTask): TimelineEntry {
  if (reactions !== undefined) return { seq: reactions.seq, reactions };
  if (message === undefined) return {};
  return { seq: createsMessage(task) ? message.seq : message.updatedSeq, message };
}
