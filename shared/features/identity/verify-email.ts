import type { verifyEmail as verifyEmailRoute } from '../../contract/identity/verify-email.ts';
import { userUpdatedEvent } from '../../contract/events/events.ts';
import { invalidCredentials, invalidToken, tooManyAttempts, usernameTaken } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { type CommitOutcome, type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { accountCollection, identifierHash, openProfile, type ProfileRecord, sealField } from './account-records.ts';
import { type OpenTenant, readAccess, readAccount } from './account-store.ts';
import { countAttempt, refundAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { type PreparedAccount, addingAccount } from './create-account.ts';
import { type FormerGuest, formerGuest } from './former-guest.ts';
import { findLink, linkKey, usingLink } from './mailed-link.ts';
import { openTenant } from './open-tenant.ts';
import { verifyPassword } from './password-hash.ts';
import { readRegistration } from './registration-store.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { takingAddress, verifiedProfile, verifyingAddress } from './verified-address.ts';

/**
 * The token works once. It is not enough alone: an owner who followed the link of a stranger's registration would give
 * the address to the stranger.
 */
export const verifyEmail: UseCase<typeof verifyEmailRoute> = async ({ token, password, username }) => {
  const found = await findLink('email-verification', token);
  if (found === undefined) return refuse(invalidToken);
  const tenant = await openTenant(found.tenant.scope);
  const { userId, addressHash } = found.link;

  const bucket = tenantBucket(tenant.scope, attemptLimits.verifyEmail, userId);
  const retryAfterMs = await countAttempt(bucket);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  for (;;) {
    const pending = await findPending(tenant, userId);
    if (pending === undefined || addressHashOf(tenant, pending.profile) !== addressHash) return refuse(invalidToken);
    const verdict = await verifyPassword(password, pending.credentials.passwordHash);
    if (!verdict.matches) return refuse(invalidCredentials);

    const { change, condition } = usingLink();
    const work = unitOfWork(tenant.scope).update('link', linkKey('email-verification', token), change, condition);
    const { outcome, profile } = await complete(work, tenant, pending, username);
    if (outcome.committed) {
      await refundAttempts([bucket]);
      return { user: openProfile(tenant.keys, tenant.scope, profile) };
    }
    if (outcome.failed === 'username') return refuse(usernameTaken);
    if (!changing.includes(outcome.failed)) return refuse(invalidToken);
    // The profile, or the guest, changed since it was read: retry with the current record.
  }
};

/** Labels of writes that fail if their records changed since they were read. */
const changing: readonly string[] = ['profile', 'access', 'guest'];

interface PendingVerification extends PreparedAccount {
  readonly isRegistration: boolean;
  /** The guest who becomes the user. */
  readonly guest?: FormerGuest;
}

async function findPending({ scope }: OpenTenant, userId: string): Promise<PendingVerification | undefined> {
  const account = await readAccount(scope, userId);
  if (account === undefined) {
    const registration = await readRegistration(scope, userId);
    const pending = registration && asAllowedNow(registration, (await tenantSettings(scope)).registration);
    const guest = await readAccess(scope, userId);
    if (pending === undefined || guest === undefined) return pending;
    const isGuest = guest.role === 'guest' && guest.status === 'active';
    return isGuest ? { ...pending, guest: await formerGuest(scope, guest) } : undefined;
  }
  const { profile, credentials } = account;
  const isOpen = profile.status === 'active' || profile.status === 'pending';
  return isOpen && profile.emailUnverified === true ? { profile, credentials, isRegistration: false } : undefined;
}

/** The tenant's policy may have changed since the registration. */
function asAllowedNow(
  { profile, credentials }: PreparedAccount,
  policy: TenantSettings['registration'],
): PendingVerification | undefined {
  if (policy === 'closed') return undefined;
  const status = policy === 'open' ? profile.status : 'pending';
  const current = { ...profile, status, collectionPk: accountCollection(status) };
  return { profile: current, credentials, isRegistration: true };
}

async function complete(
  work: UnitOfWork,
  tenant: OpenTenant,
  { profile: before, credentials, isRegistration, guest }: PendingVerification,
  requestedName: string | undefined,
): Promise<{ readonly outcome: CommitOutcome; readonly profile: ProfileRecord }> {
  const { scope, keys } = tenant;
  const { userId } = before;
  const { email, username } = openProfile(keys, scope, before);
  if (!isRegistration) {
    const profile = verifyingAddress(work, tenant, before, email);
    work.emit(userUpdatedEvent, { userId, status: profile.status });
    return { outcome: await work.commit(), profile };
  }
  const name = requestedName ?? username;
  const profile = { ...verifiedProfile(before), username: sealField(keys, scope, userId, 'username', name) };
  takingAddress(work, tenant, userId, email);
  return { outcome: await addingAccount(work, tenant, { profile, credentials }, name, guest).commit(), profile };
}

function addressHashOf({ scope, keys }: OpenTenant, profile: ProfileRecord): string {
  return identifierHash(keys, { kind: 'email', value: openProfile(keys, scope, profile).email });
}
