import type * as z from 'zod/mini';
import type { createConversation } from '../contract/conversations/create-conversation.ts';
import { newClientMessageId } from './client-message-id.ts';
import { jsonCopy } from './json-copy.ts';
import { type NewMessage, newMessageOf } from './outgoing-task.ts';
import type { PendingMessage } from './pending-message.ts';

type StartFields = Omit<
  z.input<(typeof createConversation)['body']>,
  'kind' | 'userId' | 'name' | 'participants' | 'history' | 'message' | 'clientConversationId'
>;

/** The first message, and how the desk sorts the conversation. All members are optional. */
export interface SupportStart extends StartFields {
  readonly message?: string | NewMessage;
}

export type StartTask = { readonly kind: 'start'; readonly start: StartFields & { readonly message?: NewMessage } };

const localPrefix = 'new-';

/** The id of a conversation until the server has created it. */
export function localConversationId(localId: string): string {
  return `${localPrefix}${localId}`;
}

export function isLocalConversation(conversationId: string): boolean {
  return conversationId.startsWith(localPrefix);
}

/** @throws TypeError if JSON cannot represent it. */
export function startTaskOf({ message, ...fields }: SupportStart): StartTask {
  return jsonCopy({
    kind: 'start',
    start: { ...fields, ...(message === undefined ? {} : { message: newMessageOf(message) }) },
  });
}

/**
 * A start to put into an outbox before the guest has signed in, because there is no network.
 *
 * @param now milliseconds since the epoch, by the device's clock.
 */
export function pendingStart(start: SupportStart, now: number): PendingMessage {
  const id = newClientMessageId(now);
  const more = { task: startTaskOf(start), writtenAt: now, order: now * 1000, byUrgency: true };
  return queuedItem(id, localConversationId(id), more);
}

export function queuedItem(
  id: string,
  conversationId: string,
  { byUrgency, ...more }: Pick<PendingMessage, 'task' | 'writtenAt' | 'order'> & { readonly byUrgency: boolean },
): PendingMessage {
  const item = { localId: id, clientMessageId: id, conversationId, ...more };
  return { ...item, state: 'queued', uncertain: false, ...(byUrgency ? { byUrgency } : {}) };
}

/** Lower ranks are sent first: the start, urgent messages, texts, files. */
export function rankOf({ byUrgency, task }: Pick<PendingMessage, 'byUrgency' | 'task'>): number {
  if (task.kind === 'start') return 0;
  if (byUrgency !== true || task.kind !== 'message') return 2;
  if (task.message.urgent === true) return 1;
  return task.message.attachments === undefined ? 2 : 3;
}
