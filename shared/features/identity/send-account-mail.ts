import { sendMailConsumer } from '../../contract/events/consumers.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import {
  accountExistsMail,
  emailVerificationMail,
  passwordChangedMail,
  passwordResetMail,
} from './account-mails.ts';
import type { Mail } from '../mail/mail-layout-rules.ts';
import { sendMail } from '../mail/mailer.ts';
import { identifierHash, openProfile, type ProfileRecord } from './account-records.ts';
import { type Account, findHolder, isOwner, type OpenTenant, readAccount } from './account-store.ts';
import { isUsable, linkToken, openLink } from './mailed-link.ts';
import { openTenant } from './open-tenant.ts';
import { readRegistration } from './registration-store.ts';

export type MailEvent = (typeof sendMailConsumer.events)[number];

interface MailContext {
  readonly tenant: OpenTenant;
  readonly tenantName: string;
  readonly userId: string;
  readonly eventId: string;
}

interface AddressedMail {
  readonly to: string;
  readonly mail: Mail;
}

/** Longer than a queue and its dead-letter queue keep an event (14 days at most). */
const rememberedSeconds = 15 * 24 * 60 * 60;

/**
 * A redelivered event sends nothing, unless the function crashed between sending and recording. Then it sends the same
 * link.
 */
export async function sendAccountMail(event: ConsumedEvent<MailEvent>): Promise<void> {
  const { userId } = event.data;
  if (userId === undefined) return;
  const table = tenantTable(event.scope);
  const handled = tableKeys.handledEvent(sendMailConsumer.name, event.id);
  if ((await table.get(handled, { consistent: true })) !== undefined) return;

  const tenant = await openTenant(event.scope);
  const { name: tenantName } = await tenantSettings(event.scope);
  const mail = await mailFor(event.type, { tenant, tenantName, userId, eventId: event.id });
  if (mail !== undefined) await sendMail(event.scope, { ...mail, kind: 'account' });
  await table.put(handled, { handledAt: now(), expiresAt: Math.ceil(now() / 1000) + rememberedSeconds });
}

async function mailFor(type: MailEvent['type'], context: MailContext): Promise<AddressedMail | undefined> {
  const account = await readAccount(context.tenant.scope, context.userId);
  if (account?.access.status === 'suspended' || account?.access.status === 'rejected') return undefined;
  switch (type) {
    case 'user.password-reset-requested':
      return account && resetMail(context, account);
    case 'user.password-changed':
      return account && changedMail(context, account);
    case 'user.email-verification-requested':
      return verificationMail(context, account);
  }
}

async function resetMail(context: MailContext, { profile, credentials }: Account): Promise<AddressedMail | undefined> {
  const { tenant, tenantName, userId, eventId } = context;
  const token = linkToken(tenant, 'password-reset', eventId);
  const subject = { userId, credentialsRevision: credentials.revision };
  if (!isUsable(await openLink(tenant, 'password-reset', subject, token))) return undefined;
  return {
    to: addressOf(tenant, profile),
    mail: passwordResetMail({ tenantName, publicUrl: config.publicUrl, token }),
  };
}

/** An unverified address may belong to a stranger. */
function changedMail({ tenant, tenantName }: MailContext, { profile }: Account): AddressedMail | undefined {
  if (profile.emailUnverified === true) return undefined;
  return { to: addressOf(tenant, profile), mail: passwordChangedMail({ tenantName }) };
}

/** For the address of an existing account, the mail has no link. */
async function verificationMail(
  context: MailContext,
  account: Account | undefined,
): Promise<AddressedMail | undefined> {
  const { tenant, tenantName, userId, eventId } = context;
  const profile = account?.profile ?? (await readRegistration(tenant.scope, userId))?.profile;
  if (profile?.emailUnverified !== true) return undefined;
  const to = addressOf(tenant, profile);
  const holder = await findHolder(tenant, { kind: 'email', value: to });
  if (holder !== undefined && isOwner(holder)) {
    return account === undefined ? { to, mail: accountExistsMail({ tenantName }) } : undefined;
  }
  const token = linkToken(tenant, 'email-verification', eventId);
  const subject = { userId, addressHash: identifierHash(tenant.keys, { kind: 'email', value: to }) };
  if (!isUsable(await openLink(tenant, 'email-verification', subject, token))) return undefined;
  return { to, mail: emailVerificationMail({ tenantName, publicUrl: config.publicUrl, token }) };
}

function addressOf({ scope, keys }: OpenTenant, profile: ProfileRecord): string {
  return openProfile(keys, scope, profile).email;
}
