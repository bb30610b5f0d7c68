import { emailNotVerified } from '../../contract/identity/problems.ts';
import type { login as loginRoute } from '../../contract/identity/login.ts';
import { accountPending, accountSuspended, invalidCredentials, tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { count } from '../../core/runtime/metrics.ts';
import type { UseCase } from '../../core/use-case.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { type Identifier, identifierHash } from './account-records.ts';
import { type Account, findHolder, type OpenTenant, readAccount } from './account-store.ts';
import { addressBucket, countAttempts, refundAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { type DeviceOwner, knownDevice, newDeviceToken } from './device-token.ts';
import { issueTokens } from './issue-tokens.ts';
import { openNamedTenant } from './open-tenant.ts';
import { verifyPassword } from './password-hash.ts';
import { replaceHash } from './password-store.ts';
import { createSession } from './session-store.ts';

/** No account has this id. Reading it costs the same. */
const unknownUserId = '00000000000000000000000000';

/**
 * Counts the attempt before hashing. An unknown tenant, an unknown user and a wrong password cause the same work and
 * answer.
 */
export const login: UseCase<typeof loginRoute> = async (input, { sourceIp }) => {
  const tenant = await openNamedTenant(input.tenant);
  const identifier = identifierOf(input);
  const userId = (await findHolder(tenant, identifier))?.userId;
  const account = await readAccount(tenant.scope, userId ?? unknownUserId);
  // The keys of a nonexistent tenant are not secret, so its device tokens are ignored.
  const deviceId = account && knownDevice(tenant.keys, ownerOf(account), input.deviceToken);
  const buckets = bucketsOf(tenant, identifier, deviceId, sourceIp);

  const retryAfterMs = await countAttempts(buckets);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const verdict = await verifyPassword(input.password, account?.credentials.passwordHash);
  if (account === undefined || !verdict.matches || account.access.status === 'rejected') {
    count('LoginFailed');
    return refuse(invalidCredentials);
  }

  await refundAttempts(buckets);
  if (account.access.status === 'pending') return refuse(accountPending);
  if (account.access.status === 'suspended') return refuse(accountSuspended);
  if (account.profile.emailUnverified === true && (await requiresVerification(tenant))) return refuse(emailNotVerified);
  if (verdict.outdated) await replaceHash(tenant.scope, account, input.password);
  const knownToken = deviceId === undefined ? undefined : input.deviceToken;
  const deviceToken = knownToken ?? newDeviceToken(tenant.keys, ownerOf(account));
  return { ...(await startSession(tenant, account)), deviceToken };
};

function ownerOf({ access, credentials }: Account): DeviceOwner {
  return { userId: access.userId, credentialsRevision: credentials.revision };
}

async function requiresVerification({ scope }: OpenTenant): Promise<boolean> {
  return (await tenantSettings(scope)).emailVerification === 'required';
}

async function startSession(tenant: OpenTenant, { access, profile }: Account) {
  return issueTokens(tenant, access, profile, await createSession(tenant, access));
}

function identifierOf({
  email,
  username = '',
}: {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
}): Identifier {
  return email === undefined ? { kind: 'username', value: username } : { kind: 'email', value: email };
}

function bucketsOf(tenant: OpenTenant, identifier: Identifier, deviceId: string | undefined, sourceIp: string) {
  if (deviceId !== undefined) return [tenantBucket(tenant.scope, attemptLimits.loginDevice, deviceId)];
  return [
    addressBucket(attemptLimits.loginAddress, sourceIp),
    tenantBucket(tenant.scope, attemptLimits.loginName, identifierHash(tenant.keys, identifier)),
  ];
}
