import type { ServerEvent } from './server-event.ts';
import type { TimelineEntry } from './timeline.ts';

/** What an event says of the log; nothing if it is a passing one. */
export function entryOf(event: ServerEvent): TimelineEntry | undefined {
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
