import { createDataKey } from '../encryption/data-keys.ts';
import { now } from '../runtime/clock.ts';
import { newId } from '../runtime/ids.ts';
import { absent } from '../table/expression.ts';
import { collections, keys, platformKeys } from '../table/keys.ts';
import { platformTable } from '../table/realm-table.ts';
import { unitOfWork } from '../table/unit-of-work.ts';
import type { TenantSettingsChange } from './settings.ts';
import { platformTenant, scopeOf, type TenantRecord, toRecord } from './tenant-directory.ts';

export interface NewTenant {
  readonly slug: string;
  readonly settings: TenantSettingsChange;
}

/**
 * Creates a tenant with its data key and settings. A slug that exists stays as it is: the answer is the tenant that has
 * it, and `created: false`.
 */
export async function createTenant(
  input: NewTenant,
): Promise<{ readonly created: boolean; readonly tenant: TenantRecord }> {
  const existing = await platformTable().get<TenantRecord>(platformKeys.tenantBySlug(input.slug), { consistent: true });
  if (existing !== undefined) return { created: false, tenant: toRecord(existing) };

  const isPlatform = input.slug === platformTenant.slug;
  const tenant: TenantRecord = {
    tenantId: isPlatform ? platformTenant.tenantId : newId(),
    slug: input.slug,
    createdAt: now(),
  };
  const scope = scopeOf(tenant.tenantId);
  // The key first: a tenant that can be found can encrypt. A crash before the next write leaves a key that nobody uses.
  await createDataKey(scope);
  const outcome = await unitOfWork(scope)
    .put('slug', platformKeys.tenantBySlug(tenant.slug), tenant, absent)
    .put(
      'record',
      platformKeys.tenant(tenant.tenantId),
      { ...tenant, collectionPk: collections.tenants, collectionSk: tenant.tenantId },
      absent,
    )
    .put('settings', keys.tenantSettings(), { settings: input.settings }, absent)
    .commit();
  if (outcome.committed) return { created: true, tenant };
  // Somebody created the same slug in the meantime.
  return createTenant(input);
}

/** The tenant of platform staff, made when the first of them is. */
export async function ensurePlatformTenant(): Promise<TenantRecord> {
  const { tenant } = await createTenant({
    slug: platformTenant.slug,
    settings: { name: 'Platform staff', registration: 'closed' },
  });
  return tenant;
}
