import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { standardSettings, type TenantSettings, tenantSettingsSchema } from './settings.ts';
import type { StoredSettings } from './settings-change.ts';

export interface SettingsItem {
  readonly settings: StoredSettings;
}

const cache = new ExpiringCache<TenantSettings>({ lifeMs: 30_000, size: 1000 });

/** Returns settings with defaults, at most 30 seconds old. */
export async function tenantSettings(scope: TenantScope): Promise<TenantSettings> {
  return cache.get(scope.tenantId, () => loadSettings(scope));
}

/** Bypasses the cache. */
export async function loadSettings(scope: TenantScope): Promise<TenantSettings> {
  const item = await tenantTable(scope).get<SettingsItem>(keys.tenantSettings());
  return item === undefined ? standardSettings : tenantSettingsSchema.parse(item.settings);
}

/** For the environment that changes them. */
export function forgetSettings({ tenantId }: TenantScope): void {
  cache.delete(tenantId);
}
