import type { LogEntry } from '../log/log-entry.ts';
import { keys, searchPositionOf, searchSortKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Position } from './merge-rules.ts';

/**
 * What the index has of a message, stored at `keys.searchEntry`. Names of one letter, for the sake of its size: a search
 * reads many. Nothing but `u` is left of a message that cannot be found.
 */
export interface SearchItem {
  /** The message's `updatedSeq` that it tells of. */
  readonly u: number;
  /** senderId */
  readonly s?: string;
  /** Tokens of what it says and of its type. */
  readonly w?: Uint8Array;
}

/** Puts what a message is now into the index. What is there of a later state stays, and of the same one, too. */
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

export interface IndexPage {
  readonly entries: readonly (SearchItem & { readonly position: Position })[];
  /** Whether there is nothing before them. */
  readonly isLast: boolean;
}

/** Entries that were written before a position, newest first, back to an instant; eventually consistent. */
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
