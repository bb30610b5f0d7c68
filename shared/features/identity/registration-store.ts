import { emailVerificationRequestedEvent } from '../../contract/events/events.ts';
import { now } from '../../core/runtime/clock.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { OpenTenant } from './account-store.ts';
import type { PreparedAccount } from './create-account.ts';

/** Reserves neither address nor username. */
export interface RegistrationRecord extends PreparedAccount {
  /** Milliseconds since the epoch. */
  readonly goodUntil: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

interface PendingEmailRecord {
  readonly userId: string;
  readonly goodUntil: number;
  readonly expiresAt: number;
}

const lifeMs = 7 * 24 * 60 * 60 * 1000;

/** Also requests the mail. Several registrations may have the same names. */
export async function storeRegistration(
  { scope }: OpenTenant,
  prepared: PreparedAccount,
  emailHash: string,
): Promise<void> {
  const { userId } = prepared.profile;
  const goodUntil = now() + lifeMs;
  const expiresAt = Math.ceil(goodUntil / 1000);
  const registration: RegistrationRecord = { ...prepared, goodUntil, expiresAt };
  const pending: PendingEmailRecord = { userId, goodUntil, expiresAt };
  await unitOfWork(scope)
    .put('registration', tableKeys.registration(userId), registration)
    .put('pending email', tableKeys.pendingEmail(emailHash), pending)
    .emit(emailVerificationRequestedEvent, { userId })
    .commit();
}

export async function readRegistration(scope: TenantScope, userId: string): Promise<RegistrationRecord | undefined> {
  const stored = await tenantTable(scope).get<RegistrationRecord>(tableKeys.registration(userId), { consistent: true });
  return stored !== undefined && stored.goodUntil > now() ? stored : undefined;
}

/** The newest registration with an address. */
export async function findRegistrationId(scope: TenantScope, emailHash: string): Promise<string | undefined> {
  const stored = await tenantTable(scope).get<PendingEmailRecord>(tableKeys.pendingEmail(emailHash), {
    consistent: true,
  });
  return stored !== undefined && stored.goodUntil > now() ? stored.userId : undefined;
}
