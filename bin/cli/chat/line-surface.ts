import { say } from '../output.ts';
import type { ChatSurface } from './chat-surface.ts';
import { changeLine, messageLine, pendingLine, stateLine } from './message-line.ts';
import { helpTexts, presenceSentence } from './message-text.ts';

/** Messages go to standard output, everything else to standard error. */
export function lineSurface(write: (text: string) => void): ChatSurface {
  const presence = new Map<string, string>();
  let help = '';
  return {
    history: (messages) => messages.forEach((shown) => write(`${messageLine(shown)}\n`)),
    message: (shown) => write(`${messageLine(shown)}\n`),
    changed: (shown) => write(`${changeLine(shown)}\n`),
    pending: () => undefined,
    failed: (message) => void process.stderr.write(`${pendingLine(message)}\n`),
    state: (state) => say(stateLine(state)),
    activity: (activity) => {
      const text = activity.lastOwn?.help === undefined ? '' : helpTexts[activity.lastOwn.help];
      if (text !== '' && text !== help) say(`${text[0]?.toUpperCase()}${text.slice(1)}.`);
      help = text;
      for (const each of activity.presence) {
        if (presence.get(each.userId) === each.status) continue;
        presence.set(each.userId, each.status);
        say(presenceSentence(each.name, each));
      }
    },
    title: (title) => say(`The conversation is now ${title}`),
    note: say,
    close: () => undefined,
  };
}
