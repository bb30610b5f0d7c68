import type { LogEntry } from '../log/log-entry.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

export interface ChangedEntry {
  readonly change: ItemChange;
  readonly scope: TenantScope;
  readonly conversationId: string;
  readonly entry: LogEntry;
}

/** Unique across tenants. */
export function conversationOfEntry({ scope, conversationId }: ChangedEntry): string {
  return `${scope.tenantId}/${conversationId}`;
}
