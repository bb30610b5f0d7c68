import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { markDirectoryEntry, TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { collections, type PlatformKey, platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';

export interface TenantRecord {
  readonly tenantId: string;
  readonly slug: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Tenant extends TenantRecord {
  readonly scope: TenantScope;
}

/** The tenant of platform staff. It accepts no registrations. */
export const platformTenant = { tenantId: '00000000000000000000000000', slug: 'platform' } as const;

/** Requests that name an unknown tenant use it, to do the same work as others and find nothing. */
export const platformScope = scopeOf(platformTenant.tenantId);

const life = { lifeMs: 30_000, size: 1000 };
const bySlug = new ExpiringCache<Tenant | undefined>(life);
const byId = new ExpiringCache<Tenant | undefined>(life);

/** Cached for 30 seconds, even if missing: the number of reads must not reveal a tenant. */
export async function findTenantBySlug(slug: string): Promise<Tenant | undefined> {
  return bySlug.get(slug, () => loadTenantBySlug(slug));
}

/** Bypasses the cache. */
export async function loadTenantBySlug(slug: string): Promise<Tenant | undefined> {
  return read(platformKeys.tenantBySlug(slug));
}

/** Cached like `findTenantBySlug`. */
export async function findTenantById(tenantId: string): Promise<Tenant | undefined> {
  return byId.get(tenantId, () => read(platformKeys.tenant(tenantId)));
}

/** Oldest first. Eventually consistent. */
export async function listTenants(limit: number, after?: Readonly<Record<string, string>>) {
  const { items, next } = await platformTable().queryCollection<TenantRecord>({
    collection: collections.tenants,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  return { tenants: items.map(toRecord), next };
}

/** Prepares a tenant without storing it. The platform's id is always the same. */
export function newTenant(slug: string): Tenant {
  const tenantId = slug === platformTenant.slug ? platformTenant.tenantId : newId();
  return { tenantId, slug, createdAt: now(), scope: scopeOf(tenantId) };
}

function scopeOf(tenantId: string): TenantScope {
  return TenantScope.fromDirectory(markDirectoryEntry({ tenantId }));
}

async function read(key: PlatformKey): Promise<Tenant | undefined> {
  const stored = await platformTable().get<TenantRecord>(key, { consistent: true });
  return stored && { ...toRecord(stored), scope: scopeOf(stored.tenantId) };
}

export function toRecord({ tenantId, slug, createdAt }: TenantRecord): TenantRecord {
  return { tenantId, slug, createdAt };
}
