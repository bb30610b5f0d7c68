import type { Role, User } from '../../contract/schemas/user.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { collections } from '../../core/table/keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccountStatus } from './account-status.ts';

/**
 * An account's profile. Names and address are encrypted under the tenant's key, each with its account and field as
 * encryption context.
 */
export interface ProfileRecord {
  readonly userId: string;
  readonly email: Uint8Array;
  readonly username: Uint8Array;
  readonly firstName: Uint8Array;
  readonly lastName: Uint8Array;
  /** Whether the address is still unverified. Absent in accounts created before verification was introduced. */
  readonly emailUnverified?: true;
  /** A copy of the access record's role for lists, changed in the same transactions. */
  readonly role: Role;
  readonly status: AccountStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts changes. Each write requires the revision that it read, so that no concurrent change is lost. */
  readonly revision: number;
  readonly collectionPk: string;
  readonly collectionSk: string;
}

export interface CredentialsRecord {
  readonly passwordHash: string;
  /** Counts passwords. A reset link works only for the password that was current at its request. */
  readonly revision: number;
}

/** Reserves an address or a username for an account. */
export interface UniqueRecord {
  readonly userId: string;
  /**
   * For an unverified address: the time, in milliseconds since the epoch, until which no other registration can reserve
   * it. The account that verifies the address gets it. Absent if the address belongs to the account.
   */
  readonly claimedUntil?: number;
}

/** An e-mail address or a username, which identifies an account in its tenant. */
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

/** Returns the keyed hash that replaces an address or a username in the table's keys. Ignores case. */
export function identifierHash(keys: TenantKeys, { kind, value }: Identifier): string {
  return blindIndex(keys, kind, value.normalize('NFKC').toLowerCase());
}

/** The index partition that lists the accounts of a status by age. */
export function accountCollection(status: AccountStatus): string {
  return `${collections.users}#${status}`;
}

/** Decrypts an account for its user and for admins. */
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
