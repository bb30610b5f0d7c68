import type { OutgoingTask } from './outgoing-task.ts';

/** Other tasks change a message, or create a conversation. */
export function createsMessage({ kind }: OutgoingTask): boolean {
  return kind === 'message' || kind === 'answers';
}
