import { absent } from '../../core/table/expression.ts';
import { type Key, keys } from '../../core/table/keys.ts';
import { type TenantTable, tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { fromStoredEntry, type StoredEntry, toStoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';

export type PutEntryOutcome =
  | { readonly written: true }
  /** `taken` is the entry in the slot; absent where something that had to be written with it could not be. */
  | { readonly written: false; readonly taken: LogEntry | undefined };

/** What is written together with an entry, in the same transaction. */
export type ExtraWrites = (work: UnitOfWork, entry: LogEntry) => void;

/** The log of one conversation, as the table keeps it. */
export class LogStore extends LogReader {
  readonly #scope: TenantScope;
  readonly #table: TenantTable;
  readonly #conversationId: string;

  constructor(scope: TenantScope, conversationId: string) {
    super(scope, conversationId);
    this.#scope = scope;
    this.#table = tenantTable(scope);
    this.#conversationId = conversationId;
  }

  /**
   * Takes the entry's slot, if it is free: this one write allocates the number, atomically and without gaps. What has to
   * be written together with it makes it a transaction.
   */
  async put(entry: LogEntry, extraWrites?: ExtraWrites): Promise<PutEntryOutcome> {
    const key = keys.logEntry(this.#conversationId, entry.seq);
    if (extraWrites !== undefined) return this.#putTogether(key, entry, extraWrites);
    const outcome = await this.#table.put(key, toStoredEntry(entry), absent);
    if (outcome.written) return outcome;
    if (outcome.existing === undefined) throw new Error('A slot is taken, but the table did not tell by what');
    return { written: false, taken: fromStoredEntry(outcome.existing) };
  }

  async #putTogether(key: Key, entry: LogEntry, extraWrites: ExtraWrites): Promise<PutEntryOutcome> {
    const work = unitOfWork(this.#scope).put('slot', key, toStoredEntry(entry), absent);
    extraWrites(work, entry);
    const outcome = await work.commit();
    if (outcome.committed) return { written: true };
    const taken = outcome.failed === 'slot' ? (outcome.existing as (StoredEntry & Key) | undefined) : undefined;
    return { written: false, taken: taken && fromStoredEntry(taken) };
  }
}
