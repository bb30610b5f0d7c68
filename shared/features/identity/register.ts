import type { register as registerRoute } from '../../contract/identity/register.ts';
import { registrationClosed } from '../../contract/identity/problems.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { platformTenant } from '../tenants/tenant-directory.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { addressBucket, countAttempt, networkHash } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { completeRegistration } from './complete-registration.ts';
import { type NamedTenant, openNamedTenant } from './open-tenant.ts';
import { hashPassword } from './password-hash.ts';

/**
 * Registers an account if the tenant's policy allows it. A nonexistent tenant gets the same answer as one that accepts
 * no registrations. If addresses must be verified, only the event's consumer checks whether the account exists, so the
 * reads and writes are the same.
 */
export const register: UseCase<typeof registerRoute> = async (input, { sourceIp }) => {
  const retryAfterMs = await countAttempt(addressBucket(attemptLimits.registerAddress, sourceIp));
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const tenant = await openNamedTenant(input.tenant);
  const { registration: policy, emailVerification } = await policyOf(tenant);
  if (policy === 'closed') {
    await hashPassword(input.password);
    return refuse(registrationClosed);
  }
  const outcome = await completeRegistration({
    tenant,
    policy,
    emailVerification,
    input,
    network: networkHash(sourceIp),
  });
  if (outcome === 'guest changed') throw new Error('An account without a guest cannot conflict with one');
  return outcome;
};

async function policyOf(tenant: NamedTenant): Promise<Pick<TenantSettings, 'registration' | 'emailVerification'>> {
  // Always read, so that a nonexistent tenant takes the same time.
  const { registration, emailVerification } = await tenantSettings(tenant.scope);
  const acceptsRegistrations = tenant.exists && tenant.scope.tenantId !== platformTenant.tenantId;
  return { registration: acceptsRegistrations ? registration : 'closed', emailVerification };
}
