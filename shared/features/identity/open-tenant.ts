import { createHash, createSecretKey } from 'node:crypto';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import {
  findTenantById,
  findTenantBySlug,
  platformScope,
  platformTenant,
  type Tenant,
} from '../tenants/tenant-directory.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { OpenTenant } from './account-store.ts';

/** The tenant that a request names, whether it exists or not. */
export interface NamedTenant extends OpenTenant {
  readonly exists: boolean;
}

/**
 * Keys of a tenant that does not exist. They encrypt nothing. They are the same in every execution environment and
 * differ by slug, so that attempts are counted separately for each unknown tenant.
 */
function standInKeys(slug: string): TenantKeys {
  const key = createSecretKey(createHash('sha256').update(slug).digest());
  return { version: 1, encryption: key, digest: key, chain: key, lookup: key };
}

/**
 * Opens the tenant that a public request names; platform staff name none. An unknown slug opens a tenant that contains
 * nothing, so that the request does the same work and does not reveal that the tenant does not exist.
 */
export async function openNamedTenant(slug: string | undefined): Promise<NamedTenant> {
  const tenant = await findTenantBySlug(slug ?? platformTenant.slug);
  if (tenant === undefined) return { scope: platformScope, keys: standInKeys(slug ?? ''), exists: false };
  return { scope: tenant.scope, keys: await tenantKeys(tenant.scope), exists: true };
}

/** Opens the tenant that a token names. */
export async function openTenantById(tenantId: string): Promise<OpenTenant | undefined> {
  const tenant: Tenant | undefined = await findTenantById(tenantId);
  return tenant && openTenant(tenant.scope);
}

/** Opens the tenant of an authenticated caller. */
export async function openTenant(scope: TenantScope): Promise<OpenTenant> {
  return { scope, keys: await tenantKeys(scope) };
}
