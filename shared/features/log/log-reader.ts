import { conversationSortKey, type Key, keys, logSortKey } from '../../core/table/keys.ts';
import { type QueryOptions, type TenantTable, tenantTable } from '../../core/table/scoped-table.ts';
import { logEntryPrefix } from '../../core/table/schema.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConversationItem } from './conversation-item.ts';
import { EntryReader } from './entry-reader.ts';
import { fromStoredEntry, type StoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogTail, tailEntries } from './log-tail.ts';

/** Entries that a search further back reads at a time: about 100 KB. */
const searchPage = 200;
const lastSeq = 999_999_999_999;

/** Reads the log of one conversation. Whoever does no more gets no more rights. */
export class LogReader extends EntryReader {
  readonly #table: TenantTable;
  readonly #pk: string;

  constructor(scope: TenantScope, conversationId: string) {
    super(scope, conversationId);
    this.#table = tenantTable(scope);
    this.#pk = keys.conversation(conversationId).pk;
  }

  /**
   * The conversation and the newest entries of its log, in one query (the conversation's key sorts right after the
   * log's). Eventually consistent unless told otherwise: good enough to begin with, see {@link LogTail}.
   */
  async readTail({ consistent }: { readonly consistent: boolean } = { consistent: false }): Promise<{
    readonly conversation: ConversationItem | undefined;
    readonly tail: LogTail;
  }> {
    const { items } = await this.#table.query<StoredEntry | ConversationItem>({
      pk: this.#pk,
      between: [logEntryPrefix, conversationSortKey],
      descending: true,
      limit: tailEntries + 1,
      consistent,
    });
    const conversation = items.find((item) => item.sk === conversationSortKey) as ConversationItem | undefined;
    const entries = contiguousFromEnd(
      items.filter((item) => item.sk !== conversationSortKey).map((item) => fromStoredEntry(item as StoredEntry & Key)),
    );
    const first = entries[0];
    return { conversation, tail: { entries, fromStart: first === undefined ? items.length < 2 : first.seq === 1 } };
  }

  /** Entries after a number, without holes, at most `limit`; consistently, unless told otherwise. */
  async readForward(
    after: number,
    limit: number,
    { consistent }: { readonly consistent: boolean } = { consistent: true },
  ): Promise<readonly LogEntry[]> {
    const between = [logSortKey(after + 1), logSortKey(lastSeq)] as const;
    const items = await this.#queryAll({ pk: this.#pk, between, limit, consistent });
    return contiguousFrom(after + 1, items.map(fromStoredEntry));
  }

  /** Entries before a number, consistently, ascending, at most `limit`. */
  async readBackward(before: number, limit: number): Promise<readonly LogEntry[]> {
    if (before <= 1) return [];
    const between = [logSortKey(1), logSortKey(before - 1)] as const;
    const items = await this.#queryAll({ pk: this.#pk, between, descending: true, limit, consistent: true });
    return items.map(fromStoredEntry).reverse();
  }

  /** As many as were asked for, if there are: a query alone ends after 1 MB, which some dozens of long texts are. */
  async #queryAll(options: QueryOptions & { readonly limit: number }): Promise<(StoredEntry & Key)[]> {
    const items: (StoredEntry & Key)[] = [];
    let after: string | undefined;
    do {
      const limit = options.limit - items.length;
      const page = await this.#table.query<StoredEntry>({
        ...options,
        limit,
        ...(after === undefined ? {} : { after }),
      });
      items.push(...page.items);
      after = page.lastSortKey;
    } while (after !== undefined && items.length < options.limit);
    return items;
  }

  /** All entries before a number that were made at or after a time, newest page first. */
  async *searchBack(before: number, since: number): AsyncGenerator<readonly LogEntry[]> {
    for (let upTo = before; upTo > 1;) {
      const page = await this.readBackward(upTo, searchPage);
      const oldest = page[0];
      if (oldest === undefined) return;
      yield page;
      if (oldest.createdAt < since) return;
      upTo = oldest.seq;
    }
  }
}

/** A query is not a snapshot: it can miss an entry that stands between two that it returns. */
function contiguousFrom(first: number, entries: readonly LogEntry[]): readonly LogEntry[] {
  const hole = entries.findIndex((entry, index) => entry.seq !== first + index);
  return hole === -1 ? entries : entries.slice(0, hole);
}

/** The newest entries down to the first hole, ascending; the input descends. */
function contiguousFromEnd(descending: readonly LogEntry[]): readonly LogEntry[] {
  const top = descending[0]?.seq ?? 0;
  const hole = descending.findIndex((entry, index) => entry.seq !== top - index);
  return (hole === -1 ? [...descending] : descending.slice(0, hole)).reverse();
}
