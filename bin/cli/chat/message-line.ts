import type { Message } from '../../../shared/contract/schemas/message.ts';
import { wordsOfTask } from '../../../shared/client/outgoing-task.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { isolated } from '../terminal-text.ts';
import type { ShownMessage } from './chat-surface.ts';

/** `14:03 Bob Baker: Hello` or `14:03 ✓ You: Hello`. Further lines of a text are indented. */
export function messageLine({ message, from, own }: ShownMessage): string {
  const head = `${timeOf(Date.parse(message.createdAt))} ${own ? '✓ You' : isolated(from)}: `;
  return head + wordsOf(message).replaceAll('\n', '\n      ');
}

/** `14:03 Bob Baker: Hello (edited)`, with the time of the message, wherever it was shown first. */
export function changeLine(shown: ShownMessage): string {
  return `~ ${messageLine(shown)}`;
}

/** What a message says, in words. */
function wordsOf(message: Message): string {
  const reactions = (message.reactions ?? []).map(({ emoji, userIds }) => `${emoji} ${userIds.length}`);
  const marks = [...(message.editedAt === undefined ? [] : ['edited']), ...reactions];
  return contentOf(message) + (marks.length === 0 ? '' : ` (${marks.join(', ')})`);
}

function contentOf({ type, text, location, deletedAt }: Message): string {
  if (deletedAt !== undefined) return '(deleted)';
  if (type === 'notice') return '(the conversation changed)';
  const place =
    location === undefined ? '' : `(${location.name ?? 'a place'}: ${location.latitude}, ${location.longitude})`;
  return isolated([place, text ?? ''].filter((part) => part !== '').join(' '));
}

/** `14:03 … You: Hello`, with the reason if it does not go on. */
export function pendingLine(pending: PendingMessage): string {
  const text = isolated(wordsOfTask(pending.task)).replaceAll('\n', ' ');
  const reason = reasonOf(pending);
  return `${timeOf(pending.writtenAt)} ${pending.state === 'failed' ? '!' : '…'} You: ${text}${reason}`;
}

/** The connection in words. */
export function stateLine(state: ConnectionState): string {
  switch (state) {
    case 'connecting':
      return 'connecting …';
    case 'connected':
      return 'connected';
    case 'disconnected':
      return 'not connected; trying again by itself, what you write is kept';
    case 'ended':
      return 'ended';
  }
}

function reasonOf({ state, problem }: PendingMessage): string {
  if (problem === undefined || state === 'sending') return '';
  const again = state === 'failed' ? '' : '; it is sent again by itself';
  const seconds = problem.retryAfterMs === undefined ? '' : `, in ${Math.ceil(problem.retryAfterMs / 1000)} s`;
  return ` (${problem.title}${again}${again === '' ? '' : seconds})`;
}

/** Local time; the date too when it is another day. */
function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
