import type { LogEntry } from '../log/log-entry.ts';
import { keys, searchPositionOf, searchSortKey } from '../../core/table/keys.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Position } from './merge-rules.ts';

/** Names have one letter because a search reads many items. The item of a message that cannot be found has only `u`. */
export interface SearchItem {
  /** `updatedSeq` of the indexed version. */
  readonly u: number;
  /** senderId */
  readonly s?: string;
  /** Term hashes of text and type. */
  readonly w?: Uint8Array;
}

/** Never replaces an item of the same or a later version. */
export async function putInIndex(
  scope: TenantScope,
  conversationId: string,
  entry: LogEntry,
  found: Omit<SearchItem, 'u'>,
): Promise<void> {
  const item: SearchItem = { u: entry.changes.updatedSeq, ...found };
  await tenantTable(scope).put<SearchItem>(keys.searchEntry(conversationId, entry.createdAt, entry.seq), item, {
    expression: 'attribute_not_exists(#pk) OR #u < :u',
    values: { u: item.u },
  });
}

/** Removes a message that can no longer be read. */
export async function removeFromIndex(
  scope: TenantScope,
  conversationId: string,
  { createdAt, seq }: Pick<LogEntry, 'createdAt' | 'seq'>,
): Promise<void> {
  await tenantTable(scope).delete(keys.searchEntry(conversationId, createdAt, seq));
}

const removedAtOnce = 10;

/** Removes all messages of a conversation. */
export async function eraseIndex(scope: TenantScope, conversationId: string): Promise<void> {
  const { pk } = keys.searchEntry(conversationId, 0, 0);
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<SearchItem>({
      pk,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    const removals = mapConcurrent(page.items, removedAtOnce, (item) =>
      removeFromIndex(scope, conversationId, searchPositionOf(item)),
    );
    for await (const _ of removals);
    after = page.lastSortKey;
  } while (after !== undefined);
}

export interface IndexPage {
  readonly entries: readonly (SearchItem & { readonly position: Position })[];
  readonly isLast: boolean;
}

/** Reads entries before a position, newest first. Eventually consistent. */
export async function readIndex(
  scope: TenantScope,
  { conversationId, at, seq }: Position,
  since: number,
  limit: number,
): Promise<IndexPage> {
  const { pk } = keys.searchEntry(conversationId, at, seq);
  const between = [searchSortKey(since, 0), searchSortKey(at, seq - 1)] as const;
  if (between[0] > between[1]) return { entries: [], isLast: true };
  const page = await tenantTable(scope).query<SearchItem>({ pk, between, descending: true, limit });
  const entries = page.items.map((item) => {
    const { createdAt, seq: found } = searchPositionOf(item);
    return { ...item, position: { conversationId, at: createdAt, seq: found } };
  });
  return { entries, isLast: page.lastSortKey === undefined };
}
