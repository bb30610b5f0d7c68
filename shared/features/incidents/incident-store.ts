import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { now } from '../../core/runtime/clock.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { claimedTime } from '../log/client-message-id.ts';
import type { Opening } from './routing-rules.ts';
import type { IncidentState } from './state-rules.ts';

/** The state of an incident at its source, stored at `incidentKeys.incident`. */
export interface IncidentItem extends IncidentState {
  /** Changes with the item. */
  readonly revision: number;
  /** Absent if the incident was never open here. */
  readonly startId?: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** The conversation that an incident opens, stored at `incidentKeys.start` before the conversation exists. */
export interface StartItem {
  readonly startId: string;
  readonly sourceId: string;
  /** Encrypted, until the conversation exists. */
  readonly opening: Uint8Array;
  readonly close: Opening['close'];
  readonly conversationId?: string;
  readonly expiresAt: number;
}

/** The one effect that an incident of a delivery has, stored at `incidentKeys.effect`. */
export interface EffectItem {
  readonly outcome: 'opened' | 'updated' | 'closed' | 'grouped';
  readonly startId: string;
  /** Name of the rule, encrypted. */
  readonly rule?: Uint8Array;
  /** The event is counted, and has no message of its own. */
  readonly isCounted?: boolean;
  readonly expiresAt: number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** After this time without an event, the next one opens another conversation. */
const incidentLifeMs = 90 * dayMs;
/** Longer than a delivery can be replayed. */
const effectLifeMs = 31 * dayMs;

export const expiryOfIncident = (): number => Math.floor((now() + incidentLifeMs) / 1000);
export const expiryOfEffect = (): number => Math.floor((now() + effectLifeMs) / 1000);

export function incidentHash(keys: TenantKeys, sourceId: string, key: string): string {
  return blindIndex(keys, `incident ${sourceId}`, key);
}

/** Reads consistently. */
export async function readIncident(
  scope: TenantScope,
  sourceId: string,
  hash: string,
): Promise<IncidentItem | undefined> {
  return tenantTable(scope).get<IncidentItem>(incidentKeys.incident(sourceId, hash), { consistent: true });
}

/** Reads consistently. */
export function readEffect(scope: TenantScope, deliveryId: string, index: number): Promise<EffectItem | undefined> {
  return tenantTable(scope).get<EffectItem>(incidentKeys.effect(deliveryId, index), { consistent: true });
}

/** Reads consistently. */
export function readStart(scope: TenantScope, startId: string): Promise<StartItem | undefined> {
  return tenantTable(scope).get<StartItem>(incidentKeys.start(startId), { consistent: true });
}

/** The log refuses an id older than thirty days, so nothing can complete the start. */
const longestStartMs = 29 * dayMs;

export function isLost({ startId, conversationId }: StartItem): boolean {
  return conversationId === undefined && claimedTime(startId) < now() - longestStartMs;
}

const ruleOf = (scope: TenantScope, deliveryId: string): readonly string[] => [
  ...[scope.tenantId, 'incident-delivery', deliveryId, 'rule'],
];

export function sealRule(keys: TenantKeys, scope: TenantScope, deliveryId: string, rule: string): Uint8Array {
  return encryptField(keys, ruleOf(scope, deliveryId), rule);
}

export function openRule(keys: TenantKeys, scope: TenantScope, deliveryId: string, rule: Uint8Array): string {
  return decryptField(keys, ruleOf(scope, deliveryId), rule);
}

function boundTo(scope: TenantScope, startId: string): readonly string[] {
  return [scope.tenantId, 'incident-start', startId, 'opening'];
}

export function newStart(
  keys: TenantKeys,
  scope: TenantScope,
  { startId, sourceId, opening }: { readonly startId: string; readonly sourceId: string; readonly opening: Opening },
): StartItem {
  return {
    startId,
    sourceId,
    opening: encryptField(keys, boundTo(scope, startId), JSON.stringify(opening)),
    close: opening.close,
    expiresAt: expiryOfIncident(),
  };
}

export function openOpening(keys: TenantKeys, scope: TenantScope, { startId, opening }: StartItem): Opening {
  return JSON.parse(decryptField(keys, boundTo(scope, startId), opening)) as Opening;
}

export async function rememberConversation(scope: TenantScope, startId: string, conversationId: string): Promise<void> {
  await tenantTable(scope).update(
    incidentKeys.start(startId),
    { expression: 'SET #conversationId = :conversationId', values: { conversationId } },
    { expression: 'attribute_exists(#pk)' },
  );
}
