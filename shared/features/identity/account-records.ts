import type { Role, User } from '../../contract/schemas/user.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { collections } from '../../core/table/keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccountStatus } from './account-status.ts';

/** An account's profile. Names and address are encrypted under the tenant's key, each bound to its place. */
export interface ProfileRecord {
  readonly userId: string;
  readonly email: Uint8Array;
  readonly username: Uint8Array;
  readonly firstName: Uint8Array;
  readonly lastName: Uint8Array;
  /** Whether the address is still unverified. Absent in accounts created before verification existed. */
  readonly emailUnverified?: true;
  /** As in the access record, changed in the same transactions; here for lists. */
  readonly role: Role;
  readonly status: AccountStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts changes, so that one change does not undo another. */
  readonly revision: number;
  readonly collectionPk: string;
  readonly collectionSk: string;
}

export interface CredentialsRecord {
  readonly passwordHash: string;
  /** Counts passwords: a link to reset one works for the password that it was asked for. */
  readonly revision: number;
}

/** Holds an address or a user name for an account. */
export interface UniqueRecord {
  readonly userId: string;
  /**
   * For an unverified address: the time, in milliseconds since the epoch, until which no other registration may hold
   * it. The account that verifies the address gets it. Without this attribute, the address belongs to the account.
   */
  readonly claimedUntil?: number;
}

/** What a person can be found by. */
export interface Identifier {
  readonly kind: 'email' | 'username';
  readonly value: string;
}

export type SealedField = 'email' | 'username' | 'firstName' | 'lastName';

export function sealField(keys: TenantKeys, scope: TenantScope, userId: string, field: SealedField, value: string) {
  return encryptField(keys, placeOf(scope, userId, field), value);
}

function placeOf(scope: TenantScope, userId: string, field: SealedField): readonly string[] {
  return [scope.tenantId, userId, field];
}

/** Keyed hash of an address or a user name, as the table's keys carry it. Case never distinguishes two of them. */
export function identifierHash(keys: TenantKeys, { kind, value }: Identifier): string {
  return blindIndex(keys, kind, value.normalize('NFKC').toLowerCase());
}

/** The partition of the index that lists the accounts of a status. Accounts in it are sorted by age, as their ids are. */
export function accountCollection(status: AccountStatus): string {
  return `${collections.users}#${status}`;
}

/** The account as the API shows it to itself and to administrators. */
export function openProfile(keys: TenantKeys, scope: TenantScope, profile: ProfileRecord): User {
  const open = (field: SealedField) => decryptField(keys, placeOf(scope, profile.userId, field), profile[field]);
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
