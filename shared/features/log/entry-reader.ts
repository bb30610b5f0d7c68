import { keys } from '../../core/table/keys.ts';
import { type TenantTable, tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { fromStoredEntry, type StoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';

/** Reads entries of one conversation by their numbers. Whoever needs no more gets no more rights. */
export class EntryReader {
  readonly #table: TenantTable;
  readonly #conversationId: string;

  constructor(scope: TenantScope, conversationId: string) {
    this.#table = tenantTable(scope);
    this.#conversationId = conversationId;
  }

  /** An entry as it is now. */
  async readEntry(seq: number): Promise<LogEntry | undefined> {
    const stored = await this.#table.get<StoredEntry>(keys.logEntry(this.#conversationId, seq), { consistent: true });
    return stored && fromStoredEntry(stored);
  }

  /** Entries by number, without those that are not there; in batches of 100, eventually consistent. */
  async readEntries(seqs: readonly number[]): Promise<readonly LogEntry[]> {
    const stored = await this.#table.batchGet<StoredEntry>(seqs.map((seq) => keys.logEntry(this.#conversationId, seq)));
    return stored.map(fromStoredEntry);
  }
}
