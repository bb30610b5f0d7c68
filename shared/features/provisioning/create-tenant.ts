import { createDataKey } from '../../core/encryption/data-keys.ts';
import { absent } from '../../core/table/expression.ts';
import { collections, keys, platformKeys } from '../../core/table/keys.ts';
import { platformWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantSettingsChange } from '../tenants/settings-change.ts';
import { sealSettings, switchMails } from '../tenants/stored-settings.ts';
import { newTenant, loadTenantBySlug, platformTenant, type Tenant, toRecord } from '../tenants/tenant-directory.ts';

export interface NewTenant {
  readonly slug: string;
  readonly settings: TenantSettingsChange;
}

/** Creates a tenant with its data key and settings. If the slug exists, returns its tenant unchanged. */
export async function createTenant(input: NewTenant): Promise<{ readonly created: boolean; readonly tenant: Tenant }> {
  const existing = await loadTenantBySlug(input.slug);
  if (existing !== undefined) return { created: false, tenant: existing };

  const tenant = newTenant(input.slug);
  const { scope } = tenant;
  const record = toRecord(tenant);
  // Written first, so that every tenant that can be found has a data key and settings.
  await createDataKey(scope);
  const settings = await sealSettings(scope, input.settings);
  const work = unitOfWork(scope).put('settings', keys.tenantSettings(), { settings }, absent);
  await switchMails(work, settings, input.settings).commit();
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
  return createTenant(input);
}

export async function ensurePlatformTenant(): Promise<void> {
  await createTenant({
    slug: platformTenant.slug,
    settings: { name: 'Platform staff', registration: 'closed' },
  });
}
