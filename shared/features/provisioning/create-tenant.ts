import { createDataKey } from '../../core/encryption/data-keys.ts';
import { absent } from '../../core/table/expression.ts';
import { collections, keys, platformKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { platformWork } from '../../core/table/unit-of-work.ts';
import type { TenantSettingsChange } from '../tenants/settings-change.ts';
import { newTenant, loadTenantBySlug, platformTenant, type Tenant, toRecord } from '../tenants/tenant-directory.ts';

export interface NewTenant {
  readonly slug: string;
  readonly settings: TenantSettingsChange;
}

/**
 * Creates a tenant with its data key and settings. A slug that exists stays as it is: the answer is the tenant that has
 * it, and `created: false`.
 */
export async function createTenant(input: NewTenant): Promise<{ readonly created: boolean; readonly tenant: Tenant }> {
  const existing = await loadTenantBySlug(input.slug);
  if (existing !== undefined) return { created: false, tenant: existing };

  const tenant = newTenant(input.slug);
  const { scope } = tenant;
  const record = toRecord(tenant);
  // Its own items first: a tenant that can be found can encrypt, and has decided what it was made with. A crash before
  // the last write leaves items of a tenant that nobody finds.
  await createDataKey(scope);
  await tenantTable(scope).put(keys.tenantSettings(), { settings: input.settings }, absent);
  const outcome = await platformWork()
    .put('slug', platformKeys.tenantBySlug(tenant.slug), record, absent)
    .put(
      'record',
      platformKeys.tenant(tenant.tenantId),
      { ...record, collectionPk: collections.tenants, collectionSk: tenant.tenantId },
      absent,
    )
    .commit();
  if (outcome.committed) return { created: true, tenant };
  // Somebody created the same slug in the meantime.
  return createTenant(input);
}

/** The tenant of platform staff, made when the first of them is. */
export async function ensurePlatformTenant(): Promise<void> {
  await createTenant({
    slug: platformTenant.slug,
    settings: { name: 'Platform staff', registration: 'closed' },
  });
}
