import type { User } from '../../contract/schemas/user.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { type Key, keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import {
  type CredentialsRecord,
  type Identifier,
  identifierHash,
  openProfile,
  type ProfileRecord,
  type UniqueRecord,
} from './account-records.ts';
import type { AccessRecord } from './session-access.ts';

export interface OpenTenant {
  readonly scope: TenantScope;
  readonly keys: TenantKeys;
}

export interface Account {
  readonly access: AccessRecord;
  readonly profile: ProfileRecord;
  readonly credentials: CredentialsRecord;
}

export function uniqueKey({ keys }: OpenTenant, identifier: Identifier): Key {
  const hash = identifierHash(keys, identifier);
  return identifier.kind === 'email' ? tableKeys.uniqueEmail(hash) : tableKeys.uniqueUsername(hash);
}

/** Returns the holder of the address or username, verified or not. */
export async function findHolder(tenant: OpenTenant, identifier: Identifier): Promise<UniqueRecord | undefined> {
  return tenantTable(tenant.scope).get<UniqueRecord>(uniqueKey(tenant, identifier), { consistent: true });
}

/** Ignores unverified addresses. */
export async function findOwnerId(tenant: OpenTenant, identifier: Identifier): Promise<string | undefined> {
  const holder = await findHolder(tenant, identifier);
  return holder !== undefined && isOwner(holder) ? holder.userId : undefined;
}

/** Usernames need no proof of ownership. */
export function isOwner({ claimedUntil }: UniqueRecord): boolean {
  return claimedUntil === undefined;
}

/** Reads consistently. */
export async function readAccess(scope: TenantScope, userId: string): Promise<AccessRecord | undefined> {
  return tenantTable(scope).get<AccessRecord>(tableKeys.userAccess(userId), { consistent: true });
}

export async function readProfile(scope: TenantScope, userId: string): Promise<ProfileRecord | undefined> {
  return tenantTable(scope).get<ProfileRecord>(tableKeys.user(userId), { consistent: true });
}

async function readCredentials(scope: TenantScope, userId: string): Promise<CredentialsRecord | undefined> {
  return tenantTable(scope).get<CredentialsRecord>(tableKeys.userCredentials(userId), { consistent: true });
}

export async function readAccount(scope: TenantScope, userId: string): Promise<Account | undefined> {
  const [access, profile, credentials] = await settleAll([
    readAccess(scope, userId),
    readProfile(scope, userId),
    readCredentials(scope, userId),
  ]);
  if (access === undefined || profile === undefined || credentials === undefined) return undefined;
  return { access, profile, credentials };
}

export async function readUser(tenant: OpenTenant, userId: string): Promise<User | undefined> {
  const profile = await readProfile(tenant.scope, userId);
  return profile && openProfile(tenant.keys, tenant.scope, profile);
}
