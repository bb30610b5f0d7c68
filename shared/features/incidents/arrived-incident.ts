import type { IncidentRule } from '../../contract/schemas/incident-rules.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { FoundIncident } from './adapters/adapter-rules.ts';
import type { SourceItem } from './source-store.ts';

/** One incident of a delivery. */
export interface ArrivedIncident {
  readonly scope: TenantScope;
  readonly keys: TenantKeys;
  readonly source: SourceItem;
  readonly rules: readonly IncidentRule[];
  /** Of the source. */
  readonly name: string;
  readonly deliveryId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly index: number;
  readonly found: FoundIncident;
  readonly payload: unknown;
}
