import { ulid } from 'ulid';

export function newMessage(text = 'hello') {
  return { type: 'text', text, clientMessageId: ulid() };
}
