import { type OutgoingTask, wordsOfTask } from '../../../shared/client/outgoing-task.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import { isolated } from '../terminal-text.ts';
import type { ShownMessage } from './chat-surface.ts';
import { systemMessageText, timeOf, messageText } from './message-text.ts';

/** `14:03 Bob Baker: Hello` or `14:03 ✓ You: Hello`. */
export function messageLine(shown: ShownMessage): string {
  const { message, from, own, isNumbered } = shown;
  const head = `${timeOf(Date.parse(message.createdAt))} ${isNumbered ? `#${message.seq} ` : ''}`;
  if (message.type === 'system') return `${head}* ${systemMessageText(shown)}`;
  return `${head}${own ? '✓ You' : isolated(from)}: ${messageText(shown).replaceAll('\n', '\n      ')}`;
}

/** `~ 14:03 Bob Baker: Hello (edited)`, with the original time. */
export function changeLine(shown: ShownMessage): string {
  return `~ ${messageLine(shown)}`;
}

export function pendingLine(pending: PendingMessage): string {
  const text = isolated(taskText(pending.task)).replaceAll('\n', ' ');
  const reason = reasonOf(pending);
  return `${timeOf(pending.writtenAt)} ${pending.state === 'failed' ? '!' : '…'} You: ${text}${reason}`;
}

export function stateLine(state: ConnectionState): string {
  switch (state) {
    case 'connecting':
      return 'connecting …';
    case 'connected':
      return 'connected';
    case 'disconnected':
      return 'disconnected, reconnecting automatically; messages are sent later';
    case 'ended':
      return 'ended';
  }
}

function taskText(task: OutgoingTask): string {
  const words = wordsOfTask(task);
  switch (task.kind) {
    case 'start':
      return words === '' ? '(a new conversation)' : words;
    case 'message':
      return words === '' ? `(${task.message.type})` : words;
    case 'answers':
      return `(answers to #${task.formSeq})`;
    case 'edit':
      return `(edit of #${task.seq}) ${words}`;
    case 'deletion':
      return `(delete #${task.seq})`;
    case 'reaction':
      return task.added ? `(${words} to #${task.seq})` : `(remove ${words} from #${task.seq})`;
  }
}

function reasonOf({ state, problem }: PendingMessage): string {
  if (problem === undefined || state === 'sending') return '';
  if (state === 'failed') return ` (${problem.title})`;
  const seconds = problem.retryAfterMs === undefined ? '' : ` in ${Math.ceil(problem.retryAfterMs / 1000)} s`;
  return ` (${problem.title}; retried automatically${seconds})`;
}
