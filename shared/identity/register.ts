import type { register as registerRoute } from '../contract/auth/register.ts';
import { registrationClosed } from '../contract/auth/problems.ts';
import { emailTaken, tooManyAttempts, usernameTaken, weakPassword } from '../contract/problems.ts';
import type { Handler } from '../handler/http.ts';
import { refuse } from '../handler/refusal.ts';
import { platformTenant } from '../tenants/tenant-directory.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { addressBucket, countAttempt } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { createAccount } from './create-account.ts';
import { type NamedTenant, openNamedTenant } from './open-tenant.ts';
import { hashPassword } from './password-hash.ts';
import { passwordWeakness } from './password-rules.ts';

/**
 * Registration, as far as the tenant's policy allows. A tenant that does not exist is answered like one that takes no
 * registrations, after the same work.
 */
export const register: Handler<typeof registerRoute> = async ({ body, context }) => {
  const retryAfterMs = await countAttempt(addressBucket(attemptLimits.registerAddress, context.sourceIp));
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const tenant = await openNamedTenant(body.tenant);
  const policy = await policyOf(tenant);
  if (policy === 'closed') {
    await hashPassword(body.password);
    return refuse(registrationClosed);
  }
  const errors = passwordWeakness(body.password, 'body/password', body);
  if (errors.length > 0) return refuse(weakPassword, { errors });

  const creation = await createAccount(tenant, {
    ...body,
    role: 'member',
    status: policy === 'open' ? 'active' : 'pending',
  });
  if (!creation.created) return refuse(creation.taken === 'email' ? emailTaken : usernameTaken);
  return { status: 201, body: { user: creation.user } };
};

async function policyOf(tenant: NamedTenant): Promise<'open' | 'approval' | 'closed'> {
  // Read in either case: the answer must not come sooner for a tenant that does not exist.
  const { registration } = await tenantSettings(tenant.scope);
  // Platform staff are appointed by the deployer, whatever their tenant's settings say.
  return tenant.exists && tenant.scope.tenantId !== platformTenant.tenantId ? registration : 'closed';
}
