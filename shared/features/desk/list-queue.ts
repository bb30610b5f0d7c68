import type { QueueQuery } from '../../contract/conversations/queue-query.ts';
import { invalidCursor } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { type Key, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { conversationOf } from '../conversations/conversation-view.ts';
import { accessTo } from '../log/access.ts';
import { readParts, readSummaries } from '../log/conversation-parts.ts';
import { readConversations } from '../log/conversation-store.ts';
import { newSummary } from '../log/conversation-summary.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readersOf } from '../log/reader.ts';
import type { QueueItem } from './desk-writes.ts';
import { queues } from './queue-rules.ts';
import { reachableTeams } from './reachable-teams.ts';
import { matchesTexts } from './queue-search-rules.ts';

export interface QueuePage {
  readonly items: Conversation[];
  readonly nextCursor: string | null;
}

/** Reads of one list for a page. A page of a rare filter can have fewer items than requested. */
const readsPerPage = 3;

type Found = QueueItem & Key;

/**
 * Lists support conversations by urgency, then by the time when an answer is due, then by waiting time. Each list is
 * sorted in the table, so a page takes the same calls however many conversations there are.
 */
export async function listQueue(
  principal: Principal,
  query: QueueQuery & { readonly limit: number; readonly cursor?: string | undefined },
): Promise<QueuePage | Refusal<typeof invalidCursor>> {
  const { scope } = principal;
  const list = `desk/${JSON.stringify([query.view, query.status, query.priority, query.tag, query.teamId, query.assigneeId, query.q])}`;
  const start = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor);
  if (query.cursor !== undefined && start === undefined) return refuse(invalidCursor);
  const names = await listNames(principal, query);
  const after = start?.['position'];
  const pages = await settleAll(names.map((name) => readList(scope, name, after, query)));
  // Beyond this position, a list that was not read to its end may have more conversations.
  const end = pages.flatMap(({ rest }) => rest ?? []).sort()[0];
  const known = pages.flatMap(({ items }) => items).filter(({ sk }) => end === undefined || sk <= end);
  const sorted = known.sort((one, other) => (one.sk < other.sk ? -1 : 1));
  const page = sorted.slice(0, query.limit);
  const last = page.length === query.limit && sorted.length > query.limit ? page.at(-1)?.sk : (end ?? undefined);
  return {
    items: await viewsOf(principal, page, query.q),
    nextCursor: last === undefined ? null : encodeCursor(list, { position: last }),
  };
}

async function listNames(principal: Principal, query: QueueQuery): Promise<readonly string[]> {
  const { view = 'all', status, tag, teamId, assigneeId } = query;
  if (view === 'mine') return [queues.ofAgent(principal.userId)];
  if (assigneeId !== undefined) return [queues.ofAgent(assigneeId)];
  if (tag !== undefined) return [queues.ofTag(tag)];
  const teams = (await reachableTeams(principal)).filter((each) => teamId === undefined || each === teamId);
  const open = view === 'unassigned' ? (['waiting'] as const) : (['waiting', 'active'] as const);
  const statuses = status === undefined ? open : [status];
  return teams.flatMap((each) => statuses.map((wanted) => queues.ofTeam(each, wanted)));
}

/** `rest` is the last position that was read, unless the list has ended. */
async function readList(
  scope: Principal['scope'],
  name: string,
  after: string | undefined,
  query: QueueQuery & { readonly limit: number },
): Promise<{ readonly items: readonly Found[]; readonly rest: string | undefined }> {
  const { pk } = keys.queue(name, '');
  const items: Found[] = [];
  let position = after;
  for (let read = 0; read < readsPerPage; read += 1) {
    const page = await tenantTable(scope).query<QueueItem>({
      pk,
      limit: query.limit + 1,
      consistent: true,
      ...(position === undefined ? {} : { after: position }),
    });
    items.push(...page.items.filter((item) => isWanted(item, query)));
    position = page.lastSortKey;
    if (position === undefined) return { items, rest: undefined };
    if (items.length > query.limit) break;
  }
  return { items, rest: position };
}

function isWanted(item: QueueItem, { view, status, priority, tag, teamId, assigneeId }: QueueQuery): boolean {
  return (
    (status === undefined || item.status === status) &&
    (view !== 'unassigned' || item.status === 'waiting') &&
    (priority === undefined || item.priority === priority) &&
    (tag === undefined || item.tags.includes(tag)) &&
    (teamId === undefined || item.teamId === teamId) &&
    (assigneeId === undefined || item.assigneeId === assigneeId)
  );
}

/** Leaves out conversations that the caller has no access to, and those that changed since their list was read. */
async function viewsOf(principal: Principal, page: readonly Found[], q: string | undefined): Promise<Conversation[]> {
  const { scope } = principal;
  const ids = page.map(({ conversationId }) => conversationId);
  const [items, summaries] = await settleAll([
    readConversations(scope, ids, { consistent: true }),
    readSummaries(scope, ids),
  ]);
  const summaryOf = new Map(summaries.map((summary) => [summary.conversationId, summary]));
  const wanted = ids.flatMap((id) => {
    const item = items.get(id);
    return item === undefined ? [] : [{ item, summary: summaryOf.get(id) ?? newSummary(id, item.createdAt) }];
  });
  const parts = await readParts(scope, wanted);
  const readerOf = readersOf(principal);
  const views = await settleAll(
    parts.map(async (shown) => {
      const reader = await readerOf(shown.item);
      if (accessTo(shown.item, reader) === undefined) return [];
      const owner = await ownerOf({ scope, conversationId: shown.id, item: shown.item });
      return [conversationOf(owner, reader, shown)];
    }),
  );
  return views.flat().filter((view) => q === undefined || matchesTexts(view, q));
}
