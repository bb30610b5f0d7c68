import { wordsOfTask } from '../../../shared/client/outgoing-task.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { printableJson } from '../terminal-text.ts';
import type { ChatSurface, ShownMessage } from './chat-surface.ts';

/**
 * One JSON document per line: `{"event":"state"|"message"|"changed"|"pending"|"failed"|"activity"|"title"|"note", …}`.
 * Older messages have `"history":true`.
 */
export function jsonSurface(write: (text: string) => void): ChatSurface {
  const emit = (event: string, data: object): void => write(`${printableJson({ event, ...data })}\n`);
  const documentOf = ({ message, from, own }: ShownMessage) => ({ ...message, from, own });
  return {
    history: (messages) => messages.forEach((shown) => emit('message', { history: true, ...documentOf(shown) })),
    message: (shown) => emit('message', { history: false, ...documentOf(shown) }),
    pending: (pending) => emit('pending', { pending }),
    changed: (shown) => emit('changed', documentOf(shown)),
    failed: ({ localId, task, problem }) => emit('failed', { localId, text: wordsOfTask(task), problem }),
    state: (state: ConnectionState) => emit('state', { state }),
    activity: (activity) => emit('activity', activity),
    title: (title) => emit('title', { title }),
    note: (text) => emit('note', { text }),
    close: () => undefined,
  };
}
