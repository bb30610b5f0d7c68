import { absent } from '../../core/table/expression.ts';
import { conversationSortKey, type Key, keys, lastLogSeq, logSortKey } from '../../core/table/keys.ts';
import { type QueryOptions, tenantTable } from '../../core/table/scoped-table.ts';
import { logEntryPrefix } from '../../core/table/schema.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { fromStoredConversation, type StoredConversation } from './conversation-codec.ts';
import type { ConversationItem } from './conversation-item.ts';
import { fromStoredEntry, type StoredEntry, toStoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogTail, tailEntries } from './log-tail.ts';

/** A conversation's log in the table. */
export interface LogAddress {
  readonly scope: TenantScope;
  readonly conversationId: string;
}

interface Consistency {
  readonly consistent: boolean;
}

/** Entries that a search further back reads at a time: about 100 KB. */
const searchPage = 200;

/** One entry, consistently. */
export async function readEntry({ scope, conversationId }: LogAddress, seq: number): Promise<LogEntry | undefined> {
  const key = keys.logEntry(conversationId, seq);
  const stored = await tenantTable(scope).get<StoredEntry>(key, { consistent: true });
  return stored && fromStoredEntry(stored);
}

/** Entries by number, without missing ones; in batches of 100, eventually consistent. */
export async function readEntries(
  { scope, conversationId }: LogAddress,
  seqs: readonly number[],
): Promise<readonly LogEntry[]> {
  const stored = await tenantTable(scope).batchGet<StoredEntry>(seqs.map((seq) => keys.logEntry(conversationId, seq)));
  return stored.map(fromStoredEntry);
}

/**
 * The conversation and the newest entries of its log, in one query: the conversation's key sorts right after the log's.
 * An eventually consistent read is enough for a writer; see {@link LogTail}.
 */
export async function readTail(
  { scope, conversationId }: LogAddress,
  { consistent }: Consistency = { consistent: false },
): Promise<{ readonly conversation: ConversationItem | undefined; readonly tail: LogTail }> {
  const { items } = await tenantTable(scope).query<StoredEntry | StoredConversation>({
    pk: keys.conversation(conversationId).pk,
    between: [logEntryPrefix, conversationSortKey],
    descending: true,
    limit: tailEntries + 1,
    consistent,
  });
  const stored = items.find((item) => item.sk === conversationSortKey) as StoredConversation | undefined;
  const entries = contiguousFromEnd(
    items.filter((item) => item.sk !== conversationSortKey).map((item) => fromStoredEntry(item as StoredEntry & Key)),
  );
  const first = entries[0];
  const fromStart = first === undefined ? items.length < 2 : first.seq === 1;
  return { conversation: stored && fromStoredConversation(stored), tail: { entries, fromStart } };
}

/** Entries after a number, without holes, at most `limit`. The read is consistent unless `consistent` is false. */
export async function readForward(
  log: LogAddress,
  after: number,
  limit: number,
  { consistent }: Consistency = { consistent: true },
): Promise<readonly LogEntry[]> {
  const between = [logSortKey(after + 1), logSortKey(lastLogSeq)] as const;
  const items = await queryAll(log, { between, limit, consistent });
  return contiguousFrom(after + 1, items.map(fromStoredEntry));
}

/** Entries before a number, consistently, ascending, at most `limit`. */
export async function readBackward(log: LogAddress, before: number, limit: number): Promise<readonly LogEntry[]> {
  if (before <= 1) return [];
  const between = [logSortKey(1), logSortKey(before - 1)] as const;
  const items = await queryAll(log, { between, descending: true, limit, consistent: true });
  return items.map(fromStoredEntry).reverse();
}

/** The newest entries, consistently, ascending, at most `limit`. */
export function readNewest(log: LogAddress, limit: number): Promise<readonly LogEntry[]> {
  return readBackward(log, lastLogSeq, limit);
}

/** All entries before a number whose time is `since` or later, newest page first. */
export async function* searchBack(log: LogAddress, before: number, since: number): AsyncGenerator<readonly LogEntry[]> {
  for (let upTo = before; upTo > 1;) {
    const page = await readBackward(log, upTo, searchPage);
    const oldest = page[0];
    if (oldest === undefined) return;
    yield page;
    if (oldest.createdAt < since) return;
    upTo = oldest.seq;
  }
}

export type PutEntryOutcome =
  | { readonly written: true }
  /** `taken` is the entry in the slot; absent if an extra write failed instead. */
  | { readonly written: false; readonly taken: LogEntry | undefined };

/** Adds the writes that share a transaction with an entry. */
export type ExtraWrites = (work: UnitOfWork, entry: LogEntry) => void;

/**
 * Writes an entry into its slot if the slot is free. This one write allocates the entry's number, atomically and without
 * gaps. Extra writes make it a transaction.
 */
export async function putEntry(
  { scope, conversationId }: LogAddress,
  entry: LogEntry,
  extraWrites?: ExtraWrites,
): Promise<PutEntryOutcome> {
  const key = keys.logEntry(conversationId, entry.seq);
  if (extraWrites !== undefined) return putInTransaction(scope, key, entry, extraWrites);
  const outcome = await tenantTable(scope).put(key, toStoredEntry(entry), absent);
  if (outcome.written) return outcome;
  if (outcome.existing === undefined) throw new Error('A slot is taken by no entry');
  return { written: false, taken: fromStoredEntry(outcome.existing) };
}

async function putInTransaction(
  scope: TenantScope,
  key: Key,
  entry: LogEntry,
  extraWrites: ExtraWrites,
): Promise<PutEntryOutcome> {
  const work = unitOfWork(scope).put('slot', key, toStoredEntry(entry), absent);
  extraWrites(work, entry);
  const outcome = await work.commit();
  if (outcome.committed) return { written: true };
  const taken = outcome.failed === 'slot' ? (outcome.existing as (StoredEntry & Key) | undefined) : undefined;
  return { written: false, taken: taken && fromStoredEntry(taken) };
}

/** As many entries as `limit` if the log has them. One query ends after 1 MB, which dozens of long texts can exceed. */
async function queryAll(
  { scope, conversationId }: LogAddress,
  options: Omit<QueryOptions, 'pk'> & { readonly limit: number },
): Promise<(StoredEntry & Key)[]> {
  const { pk } = keys.conversation(conversationId);
  const items: (StoredEntry & Key)[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<StoredEntry>({
      ...options,
      pk,
      limit: options.limit - items.length,
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items);
    after = page.lastSortKey;
  } while (after !== undefined && items.length < options.limit);
  return items;
}

/** A query is not a snapshot: it can miss an entry between two that it returns. */
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
