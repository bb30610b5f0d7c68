import type { Message } from '../contract/schemas/message.ts';
import { conversationNotFound } from '../contract/problems.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { LogEntry } from './log/log-entry.ts';
import type { LogStore } from './log/log-store.ts';
import { messageOf } from './message-view.ts';
import { openConversation } from './open-conversation.ts';

export interface MessagesQuery {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly around?: number | undefined;
  readonly limit: number;
}

export interface MessagesPage {
  readonly items: Message[];
  readonly nextCursor: string | null;
}

/**
 * A page of messages, ascending. Read consistently: whoever got an ack finds the message. `nextCursor` is the number to
 * continue with, in the direction of the query; without a position that is back in time.
 */
export async function listMessages(
  principal: Principal,
  conversationId: string,
  query: MessagesQuery,
): Promise<MessagesPage | Refusal<typeof conversationNotFound>> {
  const [conversation, keys] = await together([
    openConversation(principal.scope, conversationId, principal.userId),
    tenantKeys(principal.scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { entries, next } = await readPage(conversation.store, query);
  return {
    items: entries.map((entry) => messageOf(keys, principal.scope, conversationId, entry)),
    nextCursor: next === undefined ? null : String(next),
  };
}

interface EntryPage {
  readonly entries: readonly LogEntry[];
  readonly next: number | undefined;
}

/** Beyond every log. */
const pastTheEnd = 999_999_999_999;

async function readPage(store: LogStore, { after, before, around, limit }: MessagesQuery): Promise<EntryPage> {
  if (after !== undefined) return forwardPage(store, after, limit);
  if (around !== undefined) {
    const half = Math.floor(limit / 2);
    const [older, newer] = await together([
      store.readBackward(around, half),
      store.readForward(around - 1, limit - half),
    ]);
    return { entries: [...older, ...newer], next: newer.length === limit - half ? newer.at(-1)?.seq : undefined };
  }
  const entries = await store.readBackward(before ?? pastTheEnd, limit);
  const oldest = entries[0]?.seq ?? 1;
  return { entries, next: oldest > 1 ? oldest : undefined };
}

async function forwardPage(store: LogStore, after: number, limit: number): Promise<EntryPage> {
  const entries = await store.readForward(after, limit);
  return { entries, next: entries.length === limit ? entries.at(-1)?.seq : undefined };
}
