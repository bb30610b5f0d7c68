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

export interface NamedTenant extends OpenTenant {
  readonly exists: boolean;
}

/** Keys of a nonexistent tenant. They differ by slug, so that attempts are counted for each. */
function standInKeys(slug: string): TenantKeys {
  const key = createSecretKey(createHash('sha256').update(slug).digest());
  return { version: 1, encryption: key, digest: key, chain: key, lookup: key };
}

/**
 * Platform staff name no tenant. An unknown slug opens an empty tenant, so that the request does the same work and does
 * not reveal it.
 */
export async function openNamedTenant(slug: string | undefined): Promise<NamedTenant> {
  const tenant = await findTenantBySlug(slug ?? platformTenant.slug);
  if (tenant === undefined) return { scope: platformScope, keys: standInKeys(slug ?? ''), exists: false };
  return { scope: tenant.scope, keys: await tenantKeys(tenant.scope), exists: true };
}

export async function openTenantById(tenantId: string): Promise<OpenTenant | undefined> {
  const tenant: Tenant | undefined = await findTenantById(tenantId);
  return tenant && openTenant(tenant.scope);
}

export async function openTenant(scope: TenantScope): Promise<OpenTenant> {
  return { scope, keys: await tenantKeys(scope) };
}
