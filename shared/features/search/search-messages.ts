import type * as z from 'zod/mini';
import { type conversationNotFound, invalidCursor } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { searchOff } from '../../contract/search/problems.ts';
import type { searchMessages as route } from '../../contract/search/search-messages.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { encodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { FoundMessages } from './found-messages.ts';
import { searchedTexts } from './index-message.ts';
import { hasAll, type Term, termKey } from './term-hashes.ts';
import { type Budget, findNewest } from './newest-first.ts';
import { readIndex } from './search-index.ts';
import { sinceOf, startsOf } from './search-starts.ts';
import { listOf, positionIn } from './search-cursor.ts';
import { isEmpty, matches, parseQuery } from './query-rules.ts';
import { prefixesOf } from './word-rules.ts';

type SearchQuery = z.output<(typeof route)['query']>;

export interface SearchPage {
  readonly items: Message[];
  readonly nextCursor: string | null;
  readonly searchedThrough?: string;
}

/** Usually under 100 read units for the index, and at most about 300 for messages. */
const budget: Budget = { pages: 60, entries: 3000, messages: 300, sideBySide: 10 };
/** More terms hardly narrow the candidates. */
const mostTerms = 10;

/** Finds messages of the caller's conversations, newest first. The index yields candidates, which are then verified. */
export async function searchMessages(
  principal: Principal,
  query: SearchQuery,
): Promise<SearchPage | Refusal<typeof searchOff | typeof conversationNotFound | typeof invalidCursor>> {
  const { scope } = principal;
  const cursor = query.cursor === undefined ? undefined : positionIn(principal, query.cursor);
  if (query.cursor !== undefined && cursor === undefined) return refuse(invalidCursor);
  if ((await tenantSettings(scope)).search === 'off') return refuse(searchOff);

  const [starts, tenant] = await settleAll([startsOf(principal, query, cursor), tenantKeys(scope)]);
  if (isRefusal(starts)) return starts;
  const words = query.q === undefined ? undefined : parseQuery(query.q);
  if (words !== undefined && isEmpty(words)) return { items: [], nextCursor: null };

  const { type, senderId } = query;
  const isWanted = (entry: LogEntry, content: MessageContent) =>
    (type === undefined || content.type === type) &&
    (senderId === undefined || entry.senderId === senderId) &&
    (words === undefined || matches(words, searchedTexts(content)));
  const prefixes = (words === undefined ? [] : prefixesOf(words.words)).slice(0, mostTerms);
  const terms: Term[] = [...(type === undefined ? [] : [{ type }]), ...prefixes.map((prefix) => ({ prefix }))];
  const termKeys = new Map(
    starts.map(({ conversationId: id }) => [id, terms.map((term) => termKey(tenant, id, term))]),
  );
  const since = sinceOf(query);
  const messages = new FoundMessages(principal, isWanted);
  const { found, next } = await findNewest(starts, query.limit, budget, {
    verify: (candidates) => messages.verify(candidates),
    read: async ({ bound, pageSize }) => {
      const { entries, isLast } = await readIndex(scope, bound, since, pageSize);
      const wanted = termKeys.get(bound.conversationId) ?? [];
      const candidates = entries
        .filter(({ w, s }) => w !== undefined && (senderId === undefined || s === senderId))
        .filter(({ w, position }) => hasAll(w as Uint8Array, wanted, position.seq))
        .map(({ position }) => position);
      return { entries: entries.length, candidates, end: isLast ? undefined : entries.at(-1)?.position };
    },
  });
  const items = await messages.toMessages(found);
  if (next === undefined) return { items, nextCursor: null };
  const position = { at: String(next.at), conversationId: next.conversationId, seq: String(next.seq) };
  return {
    items,
    nextCursor: encodeCursor(listOf(principal), position),
    searchedThrough: toTimestamp(next.at),
  };
}
