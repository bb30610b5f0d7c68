import { gunzipSync, gzipSync } from 'node:zlib';
import type { Delivery, IgnoredReason, Incident, Outcome, Reason } from '../../contract/schemas/incident.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** A delivery, stored at `incidentKeys.delivery`. Times are milliseconds since the epoch. */
export interface DeliveryItem {
  readonly deliveryId: string;
  readonly receivedAt: number;
  readonly processedAt?: number;
  readonly outcomes: readonly Outcome[];
  readonly incidents: number;
  readonly bytes: number;
  readonly reason?: Reason;
  readonly duplicateOf?: string;
  /** Of the first 100 incidents, encrypted. */
  readonly results?: Uint8Array;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export interface IncidentResult {
  readonly incident: Incident;
  readonly outcome: Outcome;
  readonly rule?: string;
  readonly conversationId?: string;
  readonly reason?: IgnoredReason;
}

export const mostResults = 100;

const dayMs = 24 * 60 * 60 * 1000;
const keptMs = 30 * dayMs;
/** A sender may repeat a delivery for days. */
const seenMs = 7 * dayMs;

export const expiryOfDelivery = (receivedAt: number): number => Math.floor((receivedAt + keptMs) / 1000);
export const expiryOfSeen = (receivedAt: number): number => Math.floor((receivedAt + seenMs) / 1000);

/** Undefined once it has expired. Reads consistently. */
export async function readDelivery(
  scope: TenantScope,
  sourceId: string,
  deliveryId: string,
): Promise<DeliveryItem | undefined> {
  const item = await tenantTable(scope).get<DeliveryItem>(incidentKeys.delivery(sourceId, deliveryId), {
    consistent: true,
  });
  return item !== undefined && item.expiresAt * 1000 > now() ? item : undefined;
}

/** Undefined without a payload. */
export async function readPayload(
  scope: TenantScope,
  keys: TenantKeys,
  deliveryId: string,
): Promise<string | undefined> {
  const key = incidentKeys.payload(deliveryId);
  const item = await tenantTable(scope).get<{ readonly payload: Uint8Array }>(key, { consistent: true });
  if (item === undefined) return undefined;
  const compressed = decryptField(keys, boundTo(scope, deliveryId, 'payload'), item.payload);
  return gunzipSync(Buffer.from(compressed, 'base64')).toString('utf8');
}

/** Compressed first: the text of alerts repeats itself, and an item holds 400 KB. */
export function sealPayload(keys: TenantKeys, scope: TenantScope, deliveryId: string, bytes: Uint8Array): Uint8Array {
  return encryptField(keys, boundTo(scope, deliveryId, 'payload'), gzipSync(bytes).toString('base64'));
}

export function sealResults(
  keys: TenantKeys,
  scope: TenantScope,
  deliveryId: string,
  results: readonly IncidentResult[],
): Uint8Array {
  const text = gzipSync(JSON.stringify(results.slice(0, mostResults))).toString('base64');
  return encryptField(keys, boundTo(scope, deliveryId, 'results'), text);
}

export function openResults(
  keys: TenantKeys,
  scope: TenantScope,
  { deliveryId, results }: DeliveryItem,
): readonly IncidentResult[] {
  if (results === undefined) return [];
  const text = decryptField(keys, boundTo(scope, deliveryId, 'results'), results);
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) as IncidentResult[];
}

function boundTo(scope: TenantScope, deliveryId: string, field: 'payload' | 'results'): readonly string[] {
  return [scope.tenantId, 'incident-delivery', deliveryId, field];
}

export function deliveryView(item: DeliveryItem): Delivery {
  const { deliveryId, receivedAt, processedAt, outcomes, incidents, bytes, reason, duplicateOf } = item;
  return {
    id: deliveryId,
    receivedAt: toTimestamp(receivedAt),
    ...(processedAt === undefined ? {} : { processedAt: toTimestamp(processedAt) }),
    outcomes: [...outcomes],
    incidents,
    bytes,
    ...(reason === undefined ? {} : { reason }),
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
  };
}
