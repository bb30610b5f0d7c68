import type * as z from 'zod/mini';
import type { answerForm } from '../contract/desk/forms.ts';
import type { StartTask } from './support-start.ts';
import type { newMessage, MessageLocation } from '../contract/schemas/message.ts';

export type NewMessage = Omit<z.input<typeof newMessage>, 'clientMessageId'>;

/** By the ids of the fields. The answer to a file is the id of an attachment. */
export type FormAnswers = z.input<(typeof answerForm)['body']>['answers'];

export type OutgoingTask =
  /** Creates a support conversation. */
  | StartTask
  | { readonly kind: 'message'; readonly message: NewMessage }
  /** Answers a form. */
  | { readonly kind: 'answers'; readonly formSeq: number; readonly answers: FormAnswers }
  | {
      readonly kind: 'edit';
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
 * Wraps a text; returns other messages unchanged.
 *
 * @throws TypeError for anything else.
 */
export function newMessageOf(message: string | NewMessage): NewMessage {
  if (typeof message === 'string') return { type: 'text', text: message };
  if (typeof message !== 'object' || message === null) throw new TypeError('A message must be a string or an object');
  return message;
}

/** A text, a caption, an emoji or ''. */
export function wordsOfTask(task: OutgoingTask): string {
  if (task.kind === 'start') return task.start.message?.text ?? task.start.subject ?? '';
  if (task.kind === 'message') return task.message.text ?? task.message.location?.name ?? '';
  if (task.kind === 'edit') return task.text ?? '';
  return task.kind === 'reaction' ? task.emoji : '';
}
