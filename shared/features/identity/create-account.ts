import type { Role, User } from '../../contract/schemas/user.ts';
import { emailVerificationRequestedEvent, userRegisteredEvent } from '../../contract/events/events.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import {
  accountCollection,
  type CredentialsRecord,
  openProfile,
  type ProfileRecord,
  type SealedField,
  sealField,
  type UniqueRecord,
} from './account-records.ts';
import { isDeskRole, newAgent } from '../agents/agent-item.ts';
import { type OpenTenant, uniqueKey } from './account-store.ts';
import type { FormerGuest } from './former-guest.ts';
import { linkLifeMs } from './mailed-link.ts';
import { hashPassword } from './password-hash.ts';
import type { AccessRecord } from './session-access.ts';
import { takingAddress } from './verified-address.ts';

export interface NewAccount {
  readonly email: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  readonly role: Role;
  readonly status: 'active' | 'pending';
  readonly emailVerified: boolean;
}

export type AccountCreation =
  | { readonly created: true; readonly user: User }
  /**
   * Another account has the address or the username, or the guest's access changed meanwhile. Nothing was written.
   */
  | { readonly created: false; readonly taken: 'email' | 'username' | 'guest' };

export interface PreparedAccount {
  readonly profile: ProfileRecord;
  readonly credentials: CredentialsRecord;
}

/** Encrypts the fields and hashes the password. Stores nothing. */
export async function prepareAccount(
  { scope, keys }: OpenTenant,
  input: NewAccount,
  userId = newId(),
): Promise<PreparedAccount> {
  const { role, status } = input;
  const at = now();
  const seal = (field: SealedField) => sealField(keys, scope, userId, field, input[field]);
  const profile: ProfileRecord = {
    userId,
    email: seal('email'),
    username: seal('username'),
    firstName: seal('firstName'),
    lastName: seal('lastName'),
    ...(input.emailVerified ? {} : { emailUnverified: true }),
    role,
    status,
    createdAt: at,
    updatedAt: at,
    revision: 1,
    collectionPk: accountCollection(status),
    collectionSk: userId,
  };
  return { profile, credentials: { passwordHash: await hashPassword(input.password), revision: 1 } };
}

/**
 * Reserves the names in the same transaction. An unverified address is reserved for as long as the mailed link is
 * valid.
 * @param guest the guest who becomes the user and keeps the id.
 */
export async function createAccount(
  tenant: OpenTenant,
  input: NewAccount,
  guest?: FormerGuest,
): Promise<AccountCreation> {
  const prepared = await prepareAccount(tenant, input, guest?.userId);
  const { userId } = prepared.profile;
  const work = unitOfWork(tenant.scope);
  if (input.emailVerified) takingAddress(work, tenant, userId, input.email);
  else {
    claimingAddress(work, tenant, userId, input.email);
    work.emit(emailVerificationRequestedEvent, { userId });
  }
  if (isDeskRole(input.role)) {
    work.put('agent', tableKeys.agent(userId), newAgent(userId, input.role, input.firstName, now()), absent);
  }
  const outcome = await addingAccount(work, tenant, prepared, input.username, guest).commit();
  if (outcome.committed) return { created: true, user: openProfile(tenant.keys, tenant.scope, prepared.profile) };
  const { failed } = outcome;
  return { created: false, taken: failed === 'username' || failed === 'email' ? failed : 'guest' };
}

/**
 * Adds an account to a unit of work, except the reservation of its address. If a guest becomes the user, the account
 * replaces the guest's access and profile and ends the guest's sessions.
 */
export function addingAccount(
  work: UnitOfWork,
  tenant: OpenTenant,
  { profile, credentials }: PreparedAccount,
  username: string,
  guest?: FormerGuest,
): UnitOfWork {
  const { userId, role, status } = profile;
  const sessionVersion = guest?.nextVersion ?? 1;
  const access: AccessRecord = { userId, role, status, sessionVersion, endedSessions: {} };
  const unique: UniqueRecord = { userId };
  guest?.end(work);
  return work
    .put('username', uniqueKey(tenant, { kind: 'username', value: username }), unique, absent)
    .put('profile', tableKeys.user(userId), profile, absent)
    .put('access', tableKeys.userAccess(userId), access, guest?.condition ?? absent)
    .put('credentials', tableKeys.userCredentials(userId), credentials, absent)
    .emit(userRegisteredEvent, { userId, status: status === 'pending' ? 'pending' : 'active' });
}

function claimingAddress(work: UnitOfWork, tenant: OpenTenant, userId: string, email: string): void {
  const at = now();
  const claim: UniqueRecord = { userId, claimedUntil: at + linkLifeMs['email-verification'] };
  work.put('email', uniqueKey(tenant, { kind: 'email', value: email }), claim, {
    expression: 'attribute_not_exists(#pk) OR #claimedUntil <= :at',
    values: { at },
  });
}
