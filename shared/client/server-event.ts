import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import { conversationCreated, messageCreated } from '../contract/socket/pushes.ts';

interface Place {
  readonly conversationId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** News of a conversation. A lasting event has a `seq`, its place in the conversation. */
export type ServerEvent =
  | (Place & { readonly type: 'message.created'; readonly seq: number; readonly data: Message })
  | (Place & { readonly type: 'conversation.created'; readonly data: Conversation })
  /** An event that this client does not know: a newer server has more. Its `seq` still counts. */
  | (Place & { readonly type: 'unknown'; readonly name: string; readonly seq?: number; readonly data: unknown });

/** Reads an event, or nothing if the frame is none. Only what this client relies on is checked. */
export function serverEventOf(frame: unknown): ServerEvent | undefined {
  if (!isRecord(frame)) return undefined;
  const { type, conversationId, at, seq, data } = frame;
  if (frame['v'] !== 1 || typeof type !== 'string' || typeof conversationId !== 'string') return undefined;
  if (seq !== undefined && !isSeq(seq)) return undefined;
  const place = { conversationId, at: typeof at === 'string' ? at : '' };
  if (type === messageCreated.type && seq !== undefined && isMessage(data)) {
    return { ...place, type: messageCreated.type, seq, data };
  }
  if (type === conversationCreated.type && isRecord(data)) {
    return { ...place, type: conversationCreated.type, data: data as unknown as Conversation };
  }
  return { ...place, type: 'unknown', name: type, ...(seq === undefined ? {} : { seq }), data };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isMessage(value: unknown): value is Message {
  if (!isRecord(value) || !isSeq(value['seq'])) return false;
  return [value['senderId'], value['text'], value['createdAt'], value['clientMessageId']].every(
    (field) => typeof field === 'string',
  );
}
