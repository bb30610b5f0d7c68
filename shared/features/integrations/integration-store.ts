import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { type Expression, present } from '../../core/table/expression.ts';
import { integrationKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type Health, type IntegrationItem, type IntegrationSecrets, noHealth } from './integration-item.ts';

/** Reads consistently. */
export function readIntegration(scope: TenantScope, integrationId: string): Promise<IntegrationItem | undefined> {
  return tenantTable(scope).get<IntegrationItem>(integrationKeys.integration(integrationId), { consistent: true });
}

/** All integrations, the oldest first. Reads consistently. A tenant has at most 10. */
export async function readIntegrations(scope: TenantScope): Promise<readonly IntegrationItem[]> {
  const { pk } = integrationKeys.integration('');
  const { items } = await tenantTable(scope).query<IntegrationItem>({ pk, consistent: true });
  return items;
}

const cache = new ExpiringCache<readonly IntegrationItem[]>({ lifeMs: 30_000, size: 500 });

/** At most 30 seconds old. */
export function cachedIntegrations(scope: TenantScope): Promise<readonly IntegrationItem[]> {
  return cache.get(scope.tenantId, () => readIntegrations(scope));
}

export function isRevision(revision: number): Expression {
  return { expression: '#revision = :revisionBefore', values: { revisionBefore: revision } };
}

function boundTo(scope: TenantScope, integrationId: string, field: string): readonly string[] {
  return [scope.tenantId, 'integration', integrationId, field];
}

export function sealSecrets(
  keys: TenantKeys,
  scope: TenantScope,
  integrationId: string,
  secrets: IntegrationSecrets,
): Uint8Array {
  return encryptField(keys, boundTo(scope, integrationId, 'secrets'), JSON.stringify(secrets));
}

export async function openSecrets(
  scope: TenantScope,
  { integrationId, secrets }: Pick<IntegrationItem, 'integrationId' | 'secrets'>,
): Promise<IntegrationSecrets> {
  const text = decryptField(await tenantKeys(scope), boundTo(scope, integrationId, 'secrets'), secrets);
  return JSON.parse(text) as IntegrationSecrets;
}

/** Reads consistently. */
export async function readHealth(scope: TenantScope, integrationId: string): Promise<Health> {
  const key = integrationKeys.health(integrationId);
  return (await tenantTable(scope).get<Health>(key, { consistent: true })) ?? noHealth;
}

/** After an admin has removed the cause of failures. */
export async function openGate(scope: TenantScope, integrationId: string): Promise<void> {
  const change = { expression: 'SET #failures = :none REMOVE #closedUntil', values: { none: 0 } };
  await tenantTable(scope).update(integrationKeys.health(integrationId), change, present);
}

/** @returns false if another turn has changed the gate. */
export async function writeHealth(
  scope: TenantScope,
  integrationId: string,
  before: Health,
  next: Health,
): Promise<boolean> {
  const condition: Expression =
    before.closedUntil === undefined
      ? { expression: 'attribute_not_exists(#closedUntil)' }
      : { expression: '#closedUntil = :closedUntil', values: { closedUntil: before.closedUntil } };
  const { failures, closedUntil, lastSuccessAt, lastErrorAt, lastError } = next;
  const health: Health = {
    failures,
    ...(closedUntil === undefined ? {} : { closedUntil }),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
    ...(lastErrorAt === undefined ? {} : { lastErrorAt }),
    ...(lastError === undefined ? {} : { lastError }),
  };
  return (await tenantTable(scope).put(integrationKeys.health(integrationId), health, condition)).written;
}
