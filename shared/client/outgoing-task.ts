import type * as z from 'zod/mini';
import type { newMessage, MessageLocation } from '../contract/schemas/message.ts';

/** A message as it is written: without its id, which the client gives it. */
export type NewMessage = Omit<z.input<typeof newMessage>, 'clientMessageId'>;

/** What a person did that the server has to hear of. */
export type OutgoingTask =
  | { readonly kind: 'message'; readonly message: NewMessage }
  | {
      readonly kind: 'edit';
      /** Number of the message. */
      readonly seq: number;
      readonly text?: string;
      readonly location?: MessageLocation;
    }
  | { readonly kind: 'deletion'; readonly seq: number }
  | {
      readonly kind: 'reaction';
      readonly seq: number;
      readonly emoji: string;
      /** False takes it back. */
      readonly added: boolean;
    };

/**
 * A new message of a text, or the new message as it is.
 *
 * @throws TypeError if it is neither.
 */
export function newMessageOf(written: string | NewMessage): NewMessage {
  if (typeof written === 'string') return { type: 'text', text: written };
  if (typeof written !== 'object' || written === null) throw new TypeError('A message is a text or an object');
  return written;
}

/** The words of a task, for showing it: a text, a caption, or nothing. */
export function wordsOfTask(task: OutgoingTask): string {
  if (task.kind === 'message') return task.message.text ?? task.message.location?.name ?? '';
  if (task.kind === 'edit') return task.text ?? '';
  return task.kind === 'reaction' ? task.emoji : '';
}
