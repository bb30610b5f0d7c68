import { ulid } from 'ulid';

/** A text message that was not sent before. */
export function newMessage(text = 'hello') {
  return { type: 'text', text, clientMessageId: ulid() };
}
