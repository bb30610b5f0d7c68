import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { markDirectoryEntry, TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { collections, type PlatformKey, platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';

/** A tenant in the platform's directory. The tenant's own choices are in its settings. */
export interface TenantRecord {
  readonly tenantId: string;
  readonly slug: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Tenant extends TenantRecord {
  readonly scope: TenantScope;
}

/** The tenant of platform staff, who log in without naming a tenant. It accepts no registrations. */
export const platformTenant = { tenantId: '00000000000000000000000000', slug: 'platform' } as const;

/**
 * The scope of the platform's tenant, whether it exists or not. Requests that name an unknown tenant use it, so that
 * they do the same work as others and find nothing.
 */
export const platformScope = scopeOf(platformTenant.tenantId);

const life = { lifeMs: 30_000, size: 1000 };
const bySlug = new ExpiringCache<Tenant | undefined>(life);
const byId = new ExpiringCache<Tenant | undefined>(life);

/**
 * The tenant with this slug, cached for 30 seconds. A missing tenant is cached in the same way, so that the number of
 * reads does not reveal it.
 */
export async function findTenantBySlug(slug: string): Promise<Tenant | undefined> {
  return bySlug.get(slug, () => loadTenantBySlug(slug));
}

/** Bypasses the cache, for the creation of tenants. */
export async function loadTenantBySlug(slug: string): Promise<Tenant | undefined> {
  return read(platformKeys.tenantBySlug(slug));
}

/** The tenant with this id, cached in the same way. */
export async function findTenantById(tenantId: string): Promise<Tenant | undefined> {
  return byId.get(tenantId, () => read(platformKeys.tenant(tenantId)));
}

/** A page of all tenants, oldest first. The read is eventually consistent. */
export async function listTenants(limit: number, after?: Readonly<Record<string, string>>) {
  const { items, next } = await platformTable().queryCollection<TenantRecord>({
    collection: collections.tenants,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  return { tenants: items.map(toRecord), next };
}

/** Prepares a new tenant: an id, and the scope that writes its first items. The platform's id is always the same. */
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

/** The record without the attributes that the table adds. */
export function toRecord({ tenantId, slug, createdAt }: TenantRecord): TenantRecord {
  return { tenantId, slug, createdAt };
}
