import { absent, present } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { standardSettings, type TenantSettings, tenantSettingsSchema } from './settings.ts';
import type { TenantSettingsChange } from './settings-change.ts';

interface SettingsItem {
  readonly settings: TenantSettingsChange;
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

/** Replaces only the settings in `change`. Other environments see them within 30 seconds. */
export async function changeSettings(scope: TenantScope, change: TenantSettingsChange): Promise<TenantSettings> {
  const table = tenantTable(scope);
  for (;;) {
    const before = await table.get<SettingsItem>(keys.tenantSettings(), { consistent: true });
    const settings = { ...before?.settings, ...change };
    // If two changes race, the second retries.
    const unchanged =
      before === undefined
        ? absent
        : { expression: `${present.expression} AND #settings = :before`, values: { before: before.settings } };
    const { written } = await table.put<SettingsItem>(keys.tenantSettings(), { settings }, unchanged);
    if (!written) continue;
    cache.delete(scope.tenantId);
    return tenantSettingsSchema.parse(settings);
  }
}
