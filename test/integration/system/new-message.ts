import { ulid } from 'ulid';

/** Returns a text message with a new id. */
export function newMessage(text = 'hello') {
  return { type: 'text', text, clientMessageId: ulid() };
}
