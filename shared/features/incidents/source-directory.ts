import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';

interface DirectoryItem {
  readonly tenantId: string;
}

const cache = new ExpiringCache<DirectoryItem | undefined>({ lifeMs: 30_000, size: 1000 });

/** The tenant of a source. Cached for 30 seconds, even if missing: a source is in the directory before its id is known. */
export async function tenantOfSource(sourceId: string): Promise<TenantScope | undefined> {
  const found = await cache.get(sourceId, () => platformTable().get<DirectoryItem>(platformKeys.source(sourceId)));
  return found === undefined ? undefined : (await findTenantById(found.tenantId))?.scope;
}

export async function registerSource({ tenantId }: TenantScope, sourceId: string): Promise<void> {
  await platformTable().put(platformKeys.source(sourceId), { tenantId });
}

export async function unregisterSource(sourceId: string): Promise<void> {
  await platformTable().delete(platformKeys.source(sourceId));
}
