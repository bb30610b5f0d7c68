import { conversationNotFound } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { firstVisible } from '../log/conversation-item.ts';
import { withTargets } from './entry-events.ts';
import { type LogRange, rangeAfter, rangeAround, rangeBefore } from '../log/log-range.ts';
import { messageOf } from './message-view.ts';
import { readableConversation } from '../log/open-conversation.ts';
import { readWatermarks } from '../log/participant-store.ts';
import { statusOf } from './status-rules.ts';

export interface MessagesQuery {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly around?: number | undefined;
  readonly limit: number;
}

export interface MessagesPage {
  readonly items: Message[];
  readonly nextCursor: string | null;
  readonly covers: { readonly after: number; readonly through: number };
}

/**
 * A page of messages, ascending. Read consistently: whoever got an ack finds the message. Edits, deletions and reactions
 * are in the messages; the page says which range of the log it tells. `nextCursor` is the number to continue with, in
 * the direction of the query; without a position that is back in time.
 */
export async function listMessages(
  principal: Principal,
  conversationId: string,
  query: MessagesQuery,
): Promise<MessagesPage | Refusal<typeof conversationNotFound>> {
  const { scope, userId } = principal;
  const [conversation, keys] = await settleAll([
    readableConversation(scope, conversationId, userId),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { store, item, member } = conversation;
  const [{ entries, covers, next }, watermarks] = await settleAll([
    readRange(store, query, firstVisible(item, member)),
    readWatermarks(scope, conversationId, item),
  ]);
  const settled = await withTargets(store, entries);
  return {
    items: entries
      .filter(({ kind }) => kind.isShown)
      .map((entry) =>
        messageOf({ keys, scope, conversationId }, settled.get(entry.seq) ?? entry, statusOf(item, entry, watermarks)),
      ),
    nextCursor: next === undefined ? null : String(next),
    covers,
  };
}

/** Beyond every log. */
const pastTheEnd = 999_999_999_999;

function readRange(
  store: Parameters<typeof rangeAfter>[0],
  { after, before, around, limit }: MessagesQuery,
  from: number,
): Promise<LogRange> {
  if (after !== undefined) return rangeAfter(store, Math.max(after, from - 1), limit);
  if (around !== undefined) return rangeAround(store, around, limit, from);
  return rangeBefore(store, before ?? pastTheEnd, limit, from);
}
