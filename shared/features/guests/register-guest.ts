import { guestEnded } from '../../contract/guests/problems.ts';
import type { registerGuest as registerGuestRoute } from '../../contract/guests/register-guest.ts';
import { registrationClosed } from '../../contract/identity/problems.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readAccess } from '../identity/account-store.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import { completeRegistration } from '../identity/complete-registration.ts';
import { formerGuest } from '../identity/former-guest.ts';
import { openTenant } from '../identity/open-tenant.ts';
import { isSessionAlive } from '../identity/session-access.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { guestLimits } from './guest-limits.ts';

/**
 * Makes the caller a user with the same id, so that the conversations stay. The account replaces the guest's access and
 * profile in one transaction, which ends the guest's sessions.
 */
export const registerGuest: UseCase<typeof registerGuestRoute> = async (principal, input) => {
  const { scope, userId } = principal;
  const retryAfterMs = await countAttempt(tenantBucket(scope, guestLimits.registrations, userId));
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const [tenant, settings, entry] = await settleAll([
    openTenant(scope),
    tenantSettings(scope),
    findTenantById(scope.tenantId),
  ]);
  const { registration: policy, emailVerification } = settings;
  if (policy === 'closed') return refuse(registrationClosed);
  const person = { ...input, tenant: entry?.slug ?? '' };
  for (;;) {
    const guest = await readAccess(scope, userId);
    // API Gateway may have cached the authorizer's answer for some seconds.
    if (guest?.role !== 'guest' || !isSessionAlive(guest, principal)) return refuse(guestEnded);
    const registration = {
      tenant,
      policy,
      emailVerification,
      input: person,
      network: userId,
      guest: await formerGuest(scope, guest),
    };
    const outcome = await completeRegistration(registration);
    if (outcome !== 'guest changed') return outcome;
  }
};
