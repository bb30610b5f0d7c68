import type * as z from 'zod/mini';
import type { newMessage, MessageLocation } from '../contract/schemas/message.ts';

/** A message without its id, which the client creates. */
export type NewMessage = Omit<z.input<typeof newMessage>, 'clientMessageId'>;

export type OutgoingTask =
  | { readonly kind: 'message'; readonly message: NewMessage }
  | {
      readonly kind: 'edit';
      /** The seq of the message. */
      readonly seq: number;
      readonly text?: string;
      readonly location?: MessageLocation;
    }
  | { readonly kind: 'deletion'; readonly seq: number }
  | {
      readonly kind: 'reaction';
      readonly seq: number;
      readonly emoji: string;
      readonly added: boolean;
    };

/**
 * Wraps a text into a message. Returns other messages unchanged.
 *
 * @throws TypeError if the argument is neither a text nor a message.
 */
export function newMessageOf(message: string | NewMessage): NewMessage {
  if (typeof message === 'string') return { type: 'text', text: message };
  if (typeof message !== 'object' || message === null) throw new TypeError('A message must be a string or an object');
  return message;
}

/** The text of a task to display: a text, a caption, an emoji or ''. */
export function wordsOfTask(task: OutgoingTask): string {
  if (task.kind === 'message') return task.message.text ?? task.message.location?.name ?? '';
  if (task.kind === 'edit') return task.text ?? '';
  return task.kind === 'reaction' ? task.emoji : '';
}
