import { wordsOfTask } from '../../../shared/client/outgoing-task.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { printableJson } from '../terminal-text.ts';
import type { ChatSurface, ShownMessage } from './chat-surface.ts';

/**
 * One JSON document in each line of standard output, for programs:
 * `{"event":"state"|"message"|"changed"|"pending"|"failed"|"around"|"title"|"note", …}`. A message of before has
 * `"history":true`.
 */
export function jsonSurface(write: (text: string) => void): ChatSurface {
  const emit = (event: string, data: object): void => write(`${printableJson({ event, ...data })}\n`);
  const about = ({ message, from, own }: ShownMessage) => ({ ...message, from, own });
  return {
    history: (messages) => messages.forEach((shown) => emit('message', { history: true, ...about(shown) })),
    message: (shown) => emit('message', { history: false, ...about(shown) }),
    pending: (pending) => emit('pending', { pending }),
    changed: (shown) => emit('changed', about(shown)),
    failed: ({ localId, task, problem }) => emit('failed', { localId, text: wordsOfTask(task), problem }),
    state: (state: ConnectionState) => emit('state', { state }),
    around: (surroundings) => emit('around', surroundings),
    title: (title) => emit('title', { title }),
    note: (text) => emit('note', { text }),
    close: () => undefined,
  };
}
