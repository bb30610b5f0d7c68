import { say } from '../output.ts';
import type { ChatSurface } from './chat-surface.ts';
import { changeLine, messageLine, pendingLine, stateLine } from './message-line.ts';

/** A line on standard output for each message, for pipes. What is no message goes to standard error. */
export function lineSurface(write: (text: string) => void): ChatSurface {
  return {
    history: (messages) => messages.forEach((shown) => write(`${messageLine(shown)}\n`)),
    message: (shown) => write(`${messageLine(shown)}\n`),
    changed: (shown) => write(`${changeLine(shown)}\n`),
    pending: () => undefined,
    failed: (message) => say(pendingLine(message)),
    state: (state) => say(stateLine(state)),
    note: say,
    close: () => undefined,
  };
}
