import type { Role, User } from '../contract/schemas/user.ts';
import { userRegisteredEvent } from '../contract/events/events.ts';
import { now } from '../runtime/clock.ts';
import { newId } from '../runtime/ids.ts';
import { absent } from '../table/expression.ts';
import { keys as tableKeys } from '../table/keys.ts';
import { unitOfWork } from '../table/unit-of-work.ts';
import {
  accountCollection,
  type CredentialsRecord,
  openProfile,
  type ProfileRecord,
  type SealedField,
  sealField,
  type UniqueRecord,
} from './account-records.ts';
import { type OpenTenant, uniqueKey } from './account-store.ts';
import { hashPassword } from './password-hash.ts';
import type { AccessRecord } from './session-access.ts';

export interface NewAccount {
  readonly email: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  readonly role: Role;
  readonly status: 'active' | 'pending';
}

export type AccountCreation =
  | { readonly created: true; readonly user: User }
  /** The address or the user name is somebody's. Nothing was written. */
  | { readonly created: false; readonly taken: 'email' | 'username' };

/**
 * Creates an account, with its address and user name held for it in the same transaction: of any number of people who
 * want the same name at the same time, one gets it.
 */
export async function createAccount(tenant: OpenTenant, input: NewAccount): Promise<AccountCreation> {
  const { scope, keys } = tenant;
  const { role, status } = input;
  const userId = newId();
  const at = now();
  const seal = (field: SealedField) => sealField(keys, scope, userId, field, input[field]);
  const profile: ProfileRecord = {
    userId,
    email: seal('email'),
    username: seal('username'),
    firstName: seal('firstName'),
    lastName: seal('lastName'),
    role,
    status,
    createdAt: at,
    updatedAt: at,
    revision: 1,
    collectionPk: accountCollection(status),
    collectionSk: userId,
  };
  const access: AccessRecord = { userId, role, status, sessionVersion: 1, endedSessions: {} };
  const credentials: CredentialsRecord = { passwordHash: await hashPassword(input.password), revision: 1 };
  const unique: UniqueRecord = { userId };

  const outcome = await unitOfWork(scope)
    .put('email', uniqueKey(tenant, { kind: 'email', value: input.email }), unique, absent)
    .put('username', uniqueKey(tenant, { kind: 'username', value: input.username }), unique, absent)
    .put('profile', tableKeys.user(userId), profile, absent)
    .put('access', tableKeys.userAccess(userId), access, absent)
    .put('credentials', tableKeys.userCredentials(userId), credentials, absent)
    .emit(userRegisteredEvent, { userId, status })
    .commit();
  if (outcome.committed) return { created: true, user: openProfile(keys, scope, profile) };
  return { created: false, taken: outcome.failed === 'username' ? 'username' : 'email' };
}
