import { sendNotificationMailsConsumer } from '../../contract/events/consumers.ts';
import type { urgentRaisedEvent } from '../../contract/events/events.ts';
import type { OnCall } from '../../contract/schemas/on-call.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { openProfile } from '../identity/account-records.ts';
import { type OpenTenant, readAccess, readProfile } from '../identity/account-store.ts';
import { readConversation } from '../log/conversation-store.ts';
import { sendMail } from '../mail/mailer.ts';
import { once } from '../mail/once.ts';
import { addressHash } from '../mail/suppression-store.ts';
import { deskSettings } from '../tenants/desk-settings.ts';
import { type MailSettings, mailSettings } from '../tenants/mail-settings.ts';
import { openOnCall } from '../tenants/on-call-setting.ts';
import { conversationUrl } from './page-addresses-rules.ts';
import { type Look, urgentMail } from './templates.ts';

/** Mails everyone on call at a step that names them, each address once. */
export async function mailOnCall(event: ConsumedEvent<typeof urgentRaisedEvent>): Promise<void> {
  const { scope, id: eventId, deliveryId, data } = event;
  const { conversationId, step, groups } = data;
  if (!groups.includes('on-call') || !(await isStillUrgent(event))) return;
  const [{ onCall }, settings, keys] = await settleAll([deskSettings(scope), mailSettings(scope), tenantKeys(scope)]);
  const url = conversationUrl(settings.userUrl ?? config.publicUrl, conversationId);
  const mail = urgentMail(lookOf(settings), { conversationId, step, url });
  const addresses = await addressesOf({ scope, keys }, await openOnCall(scope, onCall));
  await settleAll(
    addresses.map((to) => {
      const part = addressHash(keys, to);
      const act = { consumer: sendNotificationMailsConsumer.name, eventId, deliveryId, part };
      return once(scope, act, () => sendMail(scope, { to, mail, kind: 'urgent' }));
    }),
  );
}

/** An event may arrive after the acknowledgement. */
async function isStillUrgent({ scope, data }: ConsumedEvent<typeof urgentRaisedEvent>): Promise<boolean> {
  const item = await readConversation(scope, data.conversationId);
  if (item?.kind !== 'support') return false;
  const { urgency } = item.support;
  return urgency?.seq === data.urgentSeq && urgency.acknowledgedAt === undefined;
}

async function addressesOf(tenant: OpenTenant, { userIds, emails }: OnCall): Promise<readonly string[]> {
  const ofUsers = await settleAll(userIds.map((userId) => addressOnCall(tenant, userId)));
  return [...new Set([...ofUsers.filter((address) => address !== undefined), ...emails])];
}

/** An unverified address may belong to a stranger. */
async function addressOnCall({ scope, keys }: OpenTenant, userId: string): Promise<string | undefined> {
  const [access, profile] = await settleAll([readAccess(scope, userId), readProfile(scope, userId)]);
  const isOfDesk = access?.role === 'agent' || access?.role === 'admin';
  if (!isOfDesk || access.status !== 'active' || profile === undefined || profile.emailUnverified === true) {
    return undefined;
  }
  return openProfile(keys, scope, profile).email;
}

export function lookOf({ name, mailColour, mailLanguage }: MailSettings, language = mailLanguage): Look {
  return { tenantName: name, colour: mailColour, language };
}
