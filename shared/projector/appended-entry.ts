import type { LogEntry } from '../conversations/log/log-entry.ts';
import type { ItemChange } from '../table/stream-record.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** A log entry with where it belongs. */
export interface AppendedEntry {
  readonly change: ItemChange;
  readonly scope: TenantScope;
  readonly conversationId: string;
  readonly entry: LogEntry;
}
