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

/** What a request for a tenant works with, whether the tenant exists or not. */
export interface NamedTenant extends OpenTenant {
  readonly exists: boolean;
}

/**
 * Keys for a tenant that does not exist: they encrypt nothing. They are the same in every environment and differ by
 * slug, so that attempts are counted for each unknown tenant separately.
 */
function standInKeys(slug: string): TenantKeys {
  const key = createSecretKey(createHash('sha256').update(slug).digest());
  return { version: 1, encryption: key, digest: key, chain: key, lookup: key };
}

/**
 * The tenant that a public request names; staff name none. For an unknown slug it answers with a tenant in which
 * nothing is ever found, so that the request does the same work and tells nobody that the tenant does not exist.
 */
export async function openNamedTenant(slug: string | undefined): Promise<NamedTenant> {
  const tenant = await findTenantBySlug(slug ?? platformTenant.slug);
  if (tenant === undefined) return { scope: platformScope, keys: standInKeys(slug ?? ''), exists: false };
  return { scope: tenant.scope, keys: await tenantKeys(tenant.scope), exists: true };
}

/** The tenant of a token that names it. */
export async function openTenantById(tenantId: string): Promise<OpenTenant | undefined> {
  const tenant: Tenant | undefined = await findTenantById(tenantId);
  return tenant && openTenant(tenant.scope);
}

/** The tenant of a caller who is known already. */
export async function openTenant(scope: TenantScope): Promise<OpenTenant> {
  return { scope, keys: await tenantKeys(scope) };
}
