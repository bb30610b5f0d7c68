import { say } from '../output.ts';
import type { ChatSurface } from './chat-surface.ts';
import { changeLine, messageLine, pendingLine, stateLine } from './message-line.ts';
import { presenceSentence } from './message-words.ts';

/** A line on standard output for each message, for pipes. What is no message goes to standard error. */
export function lineSurface(write: (text: string) => void): ChatSurface {
  const presence = new Map<string, string>();
  return {
    history: (messages) => messages.forEach((shown) => write(`${messageLine(shown)}\n`)),
    message: (shown) => write(`${messageLine(shown)}\n`),
    changed: (shown) => write(`${changeLine(shown)}\n`),
    pending: () => undefined,
    // Made for a terminal already.
    failed: (message) => void process.stderr.write(`${pendingLine(message)}\n`),
    state: (state) => say(stateLine(state)),
    around: (surroundings) => {
      for (const each of surroundings.presence) {
        if (presence.get(each.userId) === each.status) continue;
        presence.set(each.userId, each.status);
        say(presenceSentence(each.name, each));
      }
    },
    title: (title) => say(`This is ${title} now`),
    note: say,
    close: () => undefined,
  };
}
