import { absent } from '../../table/expression.ts';
import { conversationSortKey, type Key, keys, logSortKey } from '../../table/keys.ts';
import { type TenantTable, tenantTable } from '../../table/realm-table.ts';
import { logEntryPrefix } from '../../table/schema.ts';
import { unitOfWork } from '../../table/unit-of-work.ts';
import type { TenantScope } from '../../tenancy/tenant-scope.ts';
import type { ConversationItem } from '../conversation-item.ts';
import type { Alongside } from './append-to-log.ts';
import { EntryReader } from './entry-reader.ts';
import { fromStoredEntry, type StoredEntry, toStoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogWindow, windowEntries } from './log-window.ts';

export type PutEntryOutcome =
  | { readonly written: true }
  /** `taken` is the entry in the slot; absent where something that had to be written with it could not be. */
  | { readonly written: false; readonly taken: LogEntry | undefined };

/** Entries that a search further back reads at a time: about 100 KB. */
const searchPage = 200;
const lastSeq = 999_999_999_999;

/** The log of one conversation, as the table keeps it. */
export class LogStore extends EntryReader {
  readonly #scope: TenantScope;
  readonly #table: TenantTable;
  readonly #conversationId: string;
  readonly #pk: string;

  constructor(scope: TenantScope, conversationId: string) {
    super(scope, conversationId);
    this.#scope = scope;
    this.#table = tenantTable(scope);
    this.#conversationId = conversationId;
    this.#pk = keys.conversation(conversationId).pk;
  }

  /**
   * The conversation and the newest entries of its log, in one query (the conversation's key sorts right after the
   * log's). Eventually consistent unless told otherwise: good enough to begin with, see {@link LogWindow}.
   */
  async readTail({ consistent }: { readonly consistent: boolean } = { consistent: false }): Promise<{
    readonly conversation: ConversationItem | undefined;
    readonly window: LogWindow;
  }> {
    const { items } = await this.#table.query<StoredEntry | ConversationItem>({
      pk: this.#pk,
      between: [logEntryPrefix, conversationSortKey],
      descending: true,
      limit: windowEntries + 1,
      consistent,
    });
    const conversation = items.find((item) => item.sk === conversationSortKey) as ConversationItem | undefined;
    const entries = contiguousFromEnd(
      items.filter((item) => item.sk !== conversationSortKey).map((item) => fromStoredEntry(item as StoredEntry & Key)),
    );
    const first = entries[0];
    return { conversation, window: { entries, fromStart: first === undefined ? items.length < 2 : first.seq === 1 } };
  }

  /** Entries after a number, without holes, at most `limit`; consistently, unless told otherwise. */
  async readForward(
    after: number,
    limit: number,
    { consistent }: { readonly consistent: boolean } = { consistent: true },
  ): Promise<readonly LogEntry[]> {
    const { items } = await this.#table.query<StoredEntry>({
      pk: this.#pk,
      between: [logSortKey(after + 1), logSortKey(lastSeq)],
      limit,
      consistent,
    });
    return contiguousFrom(after + 1, items.map(fromStoredEntry));
  }

  /** Entries before a number, consistently, ascending, at most `limit`. */
  async readBackward(before: number, limit: number): Promise<readonly LogEntry[]> {
    if (before <= 1) return [];
    const { items } = await this.#table.query<StoredEntry>({
      pk: this.#pk,
      between: [logSortKey(1), logSortKey(before - 1)],
      descending: true,
      limit,
      consistent: true,
    });
    return items.map(fromStoredEntry).reverse();
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

  /**
   * Takes the entry's slot, if it is free: this one write allocates the number, atomically and without gaps. What has to
   * be written together with it makes it a transaction.
   */
  async put(entry: LogEntry, alongside?: Alongside): Promise<PutEntryOutcome> {
    const key = keys.logEntry(this.#conversationId, entry.seq);
    if (alongside !== undefined) return this.#putTogether(key, entry, alongside);
    const outcome = await this.#table.put(key, toStoredEntry(entry), absent);
    if (outcome.written) return outcome;
    if (outcome.existing === undefined) throw new Error('A slot is taken, but the table did not tell by what');
    return { written: false, taken: fromStoredEntry(outcome.existing) };
  }

  async #putTogether(key: Key, entry: LogEntry, alongside: Alongside): Promise<PutEntryOutcome> {
    const work = unitOfWork(this.#scope).put('slot', key, toStoredEntry(entry), absent);
    alongside(work, entry);
    const outcome = await work.commit();
    if (outcome.committed) return { written: true };
    const taken = outcome.failed === 'slot' ? (outcome.existing as (StoredEntry & Key) | undefined) : undefined;
    return { written: false, taken: taken && fromStoredEntry(taken) };
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
