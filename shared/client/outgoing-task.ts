import type * as z from 'zod/mini';
import type { messageDraft, MessageLocation } from '../contract/schemas/message.ts';

/** A message as it is written: without its id, which the client gives it. */
export type Draft = Omit<z.input<typeof messageDraft>, 'clientMessageId'>;

/** What a person did that the server has to hear of. */
export type OutgoingTask =
  | { readonly kind: 'message'; readonly draft: Draft }
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

/** A draft of a text, or the draft as it is. */
export function draftOf(written: string | Draft): Draft {
  return typeof written === 'string' ? { type: 'text', text: written } : written;
}

/** The words of a task, for showing it: a text, a caption, or nothing. */
export function wordsOfTask(task: OutgoingTask): string {
  if (task.kind === 'message') return task.draft.text ?? task.draft.location?.name ?? '';
  if (task.kind === 'edit') return task.text ?? '';
  return task.kind === 'reaction' ? task.emoji : '';
}
