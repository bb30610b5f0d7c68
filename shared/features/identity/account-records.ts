import type { Role, User } from '../../contract/schemas/user.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { collections } from '../../core/table/keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccountStatus } from './account-status.ts';

/** Names and address are encrypted, each bound to its account and field. */
export interface ProfileRecord {
  readonly userId: string;
  readonly email: Uint8Array;
  readonly username: Uint8Array;
  readonly firstName: Uint8Array;
  readonly lastName: Uint8Array;
  /** Absent in accounts created before verification was introduced. */
  readonly emailUnverified?: true;
  /** A copy of the access record's role, changed in the same transactions. */
  readonly role: Role;
  readonly status: AccountStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Each write requires the revision that it read. */
  readonly revision: number;
  readonly collectionPk: string;
  readonly collectionSk: string;
}

export interface CredentialsRecord {
  readonly passwordHash: string;
  /** A newer password invalidates reset links. */
  readonly revision: number;
}

export interface UniqueRecord {
  readonly userId: string;
  /**
   * Milliseconds since the epoch; reserves an unverified address until then. Absent if the address belongs to the
   * account.
   */
  readonly claimedUntil?: number;
}

export interface Identifier {
  readonly kind: 'email' | 'username';
  readonly value: string;
}

export type SealedField = 'email' | 'username' | 'firstName' | 'lastName';

export function sealField(keys: TenantKeys, scope: TenantScope, userId: string, field: SealedField, value: string) {
  return encryptField(keys, associatedDataOf(scope, userId, field), value);
}

function associatedDataOf(scope: TenantScope, userId: string, field: SealedField): readonly string[] {
  return [scope.tenantId, userId, field];
}

/** Keyed hash; ignores case. */
export function identifierHash(keys: TenantKeys, { kind, value }: Identifier): string {
  return blindIndex(keys, kind, value.normalize('NFKC').toLowerCase());
}

export function accountCollection(status: AccountStatus): string {
  return `${collections.users}#${status}`;
}

export function openProfile(keys: TenantKeys, scope: TenantScope, profile: ProfileRecord): User {
  const open = (field: SealedField) =>
    decryptField(keys, associatedDataOf(scope, profile.userId, field), profile[field]);
  return {
    id: profile.userId,
    tenantId: scope.tenantId,
    email: open('email'),
    username: open('username'),
    firstName: open('firstName'),
    lastName: open('lastName'),
    role: profile.role,
    status: profile.status,
    emailVerified: profile.emailUnverified !== true,
    createdAt: toTimestamp(profile.createdAt),
    updatedAt: toTimestamp(profile.updatedAt),
  };
}
