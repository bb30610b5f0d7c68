import type { listDrafts as listDraftsRoute } from '../../contract/drafts/list-drafts.ts';
import { invalidCursor } from '../../contract/problems.ts';
import type { Draft } from '../../contract/schemas/draft.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { accessTo } from '../log/access.ts';
import { readConversations } from '../log/conversation-store.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readersOf } from '../log/reader.ts';
import { openDraft, readDrafts } from './draft-store.ts';

/** Omits drafts for conversations that the user has left, or whose content was deleted. */
export async function listDrafts(
  principal: Principal,
  { limit, cursor }: InputOf<typeof listDraftsRoute>,
): Promise<{ items: Draft[]; nextCursor: string | null } | Refusal<typeof invalidCursor>> {
  const { scope, userId } = principal;
  const list = `drafts/${userId}`;
  const start = cursor === undefined ? undefined : decodeCursor(list, cursor);
  if (cursor !== undefined && start === undefined) return refuse(invalidCursor);

  const { drafts, last } = await readDrafts(scope, userId, { after: start?.['conversationId'], limit });
  const ids = drafts.map(({ conversationId }) => conversationId);
  const conversations = await readConversations(scope, ids, { consistent: true });
  const readerOf = readersOf(principal);
  const items: Draft[] = [];
  for (const { conversationId, stored } of drafts) {
    const item = conversations.get(conversationId);
    if (item === undefined || accessTo(item, await readerOf(item)) === undefined) continue;
    const { keys, isErased } = await ownerOf({ scope, conversationId, item });
    const draft = isErased === true ? undefined : openDraft({ scope, userId, conversationId, keys }, stored);
    if (draft !== undefined) items.push(draft);
  }
  return { items, nextCursor: last === undefined ? null : encodeCursor(list, { conversationId: last }) };
}
