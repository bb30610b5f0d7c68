import { emailTaken, tooManyAttempts, usernameTaken, weakPassword } from '../../contract/problems.ts';
import type { User } from '../../contract/schemas/user.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { identifierHash } from './account-records.ts';
import type { OpenTenant } from './account-store.ts';
import { countAttempts, verificationMailBuckets } from './attempt-counter.ts';
import { createAccount, type NewAccount, prepareAccount } from './create-account.ts';
import type { FormerGuest } from './former-guest.ts';
import { passwordWeakness } from './password-rules.ts';
import { storeRegistration } from './registration-store.ts';

export interface AllowedRegistration {
  readonly tenant: OpenTenant;
  readonly policy: 'open' | 'approval';
  readonly emailVerification: TenantSettings['emailVerification'];
  /** With the tenant's slug, which the password must not contain. */
  readonly input: Omit<NewAccount, 'role' | 'status' | 'emailVerified'> & { readonly tenant: string };
  /** The hash of the source address, or the id of the guest: each gets a part of an address's limit of mails. */
  readonly network: string;
  /** The guest who becomes the user. */
  readonly guest?: FormerGuest;
}

type RegistrationProblem = typeof emailTaken | typeof usernameTaken | typeof weakPassword | typeof tooManyAttempts;

/** Creates the account of a registration that the tenant's policy allows, or stores it until its address is verified. */
export async function completeRegistration({
  tenant,
  policy,
  emailVerification,
  input,
  network,
  guest,
}: AllowedRegistration): Promise<
  { readonly user: User } | { readonly status: 'accepted' } | 'guest changed' | Refusal<RegistrationProblem>
> {
  const errors = passwordWeakness(input.password, 'password', input);
  if (errors.length > 0) return refuse(weakPassword, { errors });

  const account: NewAccount = {
    ...input,
    role: 'member',
    status: policy === 'open' ? 'active' : 'pending',
    emailVerified: false,
  };
  if (emailVerification === 'required') {
    const hash = identifierHash(tenant.keys, { kind: 'email', value: input.email });
    const waitMs = await countAttempts(verificationMailBuckets(tenant.scope, hash, network));
    if (waitMs > 0) return refuse(tooManyAttempts, { retryAfterMs: waitMs });
    await storeRegistration(tenant, await prepareAccount(tenant, account, guest?.userId), hash);
    return { status: 'accepted' };
  }
  const creation = await createAccount(tenant, account, guest);
  if (creation.created) return { user: creation.user };
  if (creation.taken === 'guest') return 'guest changed';
  return refuse(creation.taken === 'email' ? emailTaken : usernameTaken);
}
