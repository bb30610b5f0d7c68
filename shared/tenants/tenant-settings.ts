import { now } from '../runtime/clock.ts';
import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type TenantSettings, tenantSettingsSchema } from './settings.ts';

/** A changed setting takes effect everywhere within this time. */
const cacheMs = 30_000;
const cacheSize = 1000;
const cache = new Map<string, { readonly at: number; readonly settings: Promise<TenantSettings> }>();

/**
 * The tenant's settings, cached for 30 s. Stored at `keys.tenantSettings` as `{ settings }`.
 * @throws if the tenant has no settings item, which every tenant is created with.
 */
export async function tenantSettings(scope: TenantScope): Promise<TenantSettings> {
  const cached = cache.get(scope.tenantId);
  if (cached !== undefined && now() - cached.at < cacheMs) return cached.settings;
  const loading = load(scope);
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '');
  cache.set(scope.tenantId, { at: now(), settings: loading });
  try {
    return await loading;
  } catch (error) {
    cache.delete(scope.tenantId);
    throw error;
  }
}

async function load(scope: TenantScope): Promise<TenantSettings> {
  const item = await tenantTable(scope).get<{ settings: unknown }>(keys.tenantSettings());
  if (item === undefined) throw new Error('The tenant has no settings');
  return tenantSettingsSchema.parse(item.settings);
}
