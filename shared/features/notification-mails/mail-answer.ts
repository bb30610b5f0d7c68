import { sendNotificationMailsConsumer } from '../../contract/events/consumers.ts';
import type { answerUnreadEvent } from '../../contract/events/events.ts';
import { mailLanguageOf } from '../../contract/schemas/mail-language.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { openGuest } from '../guests/guest-record.ts';
import { findGuest } from '../guests/guest-store.ts';
import { storeMailedCode } from '../guests/transfer-store.ts';
import { openProfile } from '../identity/account-records.ts';
import { type OpenTenant, readAccess, readProfile } from '../identity/account-store.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { EntryContent } from '../log/entry-kinds.ts';
import { openContent } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readEntry } from '../log/log-store.ts';
import { readProgress } from '../log/progress-store.ts';
import { sendMail } from '../mail/mailer.ts';
import { once } from '../mail/once.ts';
import { addressHash } from '../mail/suppression-store.ts';
import { type MailSettings, mailSettings } from '../tenants/mail-settings.ts';
import { lookOf } from './mail-on-call.ts';
import { returnUrl } from './page-addresses-rules.ts';
import { answerMail } from './templates.ts';
import { unsubscribeLinks } from './unsubscribe-token.ts';

interface Customer {
  readonly access: AccessRecord;
  readonly address: string;
  readonly language?: string | undefined;
}

/** Tells a customer who left an address of an answer. One who has read it since gets no mail. */
export async function mailAnswer(event: ConsumedEvent<typeof answerUnreadEvent>): Promise<void> {
  const { scope, id: eventId, deliveryId, data } = event;
  const { conversationId, seq } = data;
  const [item, settings, keys] = await settleAll([
    readConversation(scope, conversationId),
    mailSettings(scope),
    tenantKeys(scope),
  ]);
  if (item?.kind !== 'support' || item.support.wipedAt !== undefined || settings.notificationMails === 'off') return;
  const tenant = { scope, keys };
  const { customerId, urgency, priority, language } = item.support;
  const progress = await readProgress(scope, conversationId, customerId);
  const customer = await customerOf(tenant, customerId);
  if ((progress?.readSeq ?? 0) >= seq || customer === undefined) return;

  const { access, address: to } = customer;
  const isUrgent = urgency !== undefined || priority === 'urgent';
  const text = isUrgent ? undefined : await textOf(event, item, settings);
  const act = { consumer: sendNotificationMailsConsumer.name, eventId, deliveryId, part: 'answer' };
  await once(scope, act, async () => {
    // A mailbox that others read must not open an urgent conversation. The customer's own device still does.
    const code = access.role === 'guest' && !isUrgent ? await storeMailedCode(tenant, customerId, access) : undefined;
    const links = unsubscribeLinks(tenant, { kind: 'address', id: addressHash(keys, to) });
    const mail = answerMail(lookOf(settings, mailLanguageOf(language) ?? mailLanguageOf(customer.language)), {
      url: returnUrl(settings.customerUrl ?? config.publicUrl, conversationId, code),
      unsubscribeUrl: links.page,
      isOneTime: code !== undefined,
      isUrgent,
      text,
    });
    await sendMail(scope, { to, mail, kind: 'answer', unsubscribeUrl: links.oneClick });
  });
}

/** Undefined without an address. */
async function customerOf({ scope, keys }: OpenTenant, userId: string): Promise<Customer | undefined> {
  const access = await readAccess(scope, userId);
  if (access?.status !== 'active') return undefined;
  if (access.role === 'guest') {
    const found = await findGuest(scope, userId);
    const guest = found && openGuest(found.keys, scope.tenantId, found.record);
    return guest?.email === undefined ? undefined : { access, address: guest.email, language: guest.language };
  }
  const profile = await readProfile(scope, userId);
  if (profile === undefined || profile.emailUnverified === true) return undefined;
  return { access, address: openProfile(keys, scope, profile).email };
}

/** Undefined if the tenant does not allow texts, or the message was deleted or has no text. */
async function textOf(
  { scope, data: { conversationId, seq } }: ConsumedEvent<typeof answerUnreadEvent>,
  item: SupportConversation,
  { mailContent }: MailSettings,
): Promise<string | undefined> {
  if (mailContent === 'none') return undefined;
  const [owner, entry] = await settleAll([
    ownerOf({ scope, conversationId, item }),
    readEntry({ scope, conversationId }, seq),
  ]);
  if (owner.isErased === true || entry === undefined || entry.changes.deletion !== undefined) return undefined;
  const { edit } = entry.changes;
  const content: EntryContent = openContent(owner, entry);
  // The text before an edit may be what the agent wanted to remove.
  return edit === undefined && content.type === 'text' ? content.text : undefined;
}
