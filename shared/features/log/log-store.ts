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

export interface LogAddress {
  readonly scope: TenantScope;
  readonly conversationId: string;
}

interface Consistency {
  readonly consistent: boolean;
}

/** Entries; about 100 KB. */
const searchPage = 200;

/** Reads consistently. */
export async function readEntry({ scope, conversationId }: LogAddress, seq: number): Promise<LogEntry | undefined> {
  const key = keys.logEntry(conversationId, seq);
  const stored = await tenantTable(scope).get<StoredEntry>(key, { consistent: true });
  return stored && fromStoredEntry(stored);
}

/** Eventually consistent, in batches of 100. Omits missing entries. */
export async function readEntries(
  { scope, conversationId }: LogAddress,
  seqs: readonly number[],
): Promise<readonly LogEntry[]> {
  const stored = await tenantTable(scope).batchGet<StoredEntry>(seqs.map((seq) => keys.logEntry(conversationId, seq)));
  return stored.map(fromStoredEntry);
}

/**
 * One query, because the conversation's key sorts right after the log's. Eventually consistent; see {@link LogTail}.
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

/** Has no gaps. Consistent unless `consistent` is false. */
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

/** Reads consistently. Returns ascending entries. */
export async function readBackward(log: LogAddress, before: number, limit: number): Promise<readonly LogEntry[]> {
  if (before <= 1) return [];
  const between = [logSortKey(1), logSortKey(before - 1)] as const;
  const items = await queryAll(log, { between, descending: true, limit, consistent: true });
  return items.map(fromStoredEntry).reverse();
}

/** Reads consistently. Returns ascending entries. */
export function readNewest(log: LogAddress, limit: number): Promise<readonly LogEntry[]> {
  return readBackward(log, lastLogSeq, limit);
}

/** Yields pages, the newest first, until an entry is older than `since`. */
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

export type ExtraWrites = (work: UnitOfWork, entry: LogEntry) => void;

/** Writes an entry if its slot is free. This one write allocates the number, atomically and without gaps. */
export async function putEntry(
  { scope, conversationId }: LogAddress,
  entry: LogEntry,
  extraWrites?: ExtraWrites,
): Promise<PutEntryOutcome> {
  const key = keys.logEntry(conversationId, entry.seq);
  if (extraWrites !== undefined) return putInTransaction(scope, key, entry, extraWrites);
  const outcome = await tenantTable(scope).put(key, toStoredEntry(entry), absent);
  if (outcome.written) return outcome;
  if (outcome.existing === undefined) throw new Error('A slot is taken but has no entry');
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

/** A query ends after 1 MB, which dozens of long texts can exceed. */
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
  const gap = entries.findIndex((entry, index) => entry.seq !== first + index);
  return gap === -1 ? entries : entries.slice(0, gap);
}

/** Returns entries in ascending order. */
function contiguousFromEnd(descending: readonly LogEntry[]): readonly LogEntry[] {
  const top = descending[0]?.seq ?? 0;
  const gap = descending.findIndex((entry, index) => entry.seq !== top - index);
  return (gap === -1 ? [...descending] : descending.slice(0, gap)).reverse();
}
