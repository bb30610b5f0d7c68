import { sendNotificationMailsConsumer } from '../../contract/events/consumers.ts';
import type { userNotificationsUnreadEvent } from '../../contract/events/events.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { openProfile } from '../identity/account-records.ts';
import { readAccess, readProfile } from '../identity/account-store.ts';
import { sendMail } from '../mail/mailer.ts';
import { once } from '../mail/once.ts';
import { unreadForMail } from '../notifications/mailed-notifications.ts';
import { readPreferences } from '../notifications/notification-store.ts';
import { mailSettings } from '../tenants/mail-settings.ts';
import { lookOf } from './mail-on-call.ts';
import { digestMail } from './templates.ts';
import { unsubscribeLinks } from './unsubscribe-token.ts';

/** Sends one mail about all unread notifications. A user who has read them since gets none. */
export async function mailDigest(event: ConsumedEvent<typeof userNotificationsUnreadEvent>): Promise<void> {
  const { scope, id: eventId, deliveryId, data } = event;
  const { userId } = data;
  const [settings, preferences, unread] = await settleAll([
    mailSettings(scope),
    readPreferences(scope, userId),
    unreadForMail(scope, userId, now()),
  ]);
  if (settings.notificationMails === 'off' || preferences?.mail === 'off') return;
  if (unread.mentions + unread.assignments === 0) return;
  const [access, profile, keys] = await settleAll([
    readAccess(scope, userId),
    readProfile(scope, userId),
    tenantKeys(scope),
  ]);
  if (access?.status !== 'active' || profile === undefined || profile.emailUnverified === true) return;
  const { email: to } = openProfile(keys, scope, profile);
  const links = unsubscribeLinks({ scope, keys }, { kind: 'user', id: userId });
  const url = settings.userUrl ?? config.publicUrl;
  const mail = digestMail(lookOf(settings), { ...unread, url, unsubscribeUrl: links.page });
  const act = { consumer: sendNotificationMailsConsumer.name, eventId, deliveryId, part: 'digest' };
  await once(scope, act, () => sendMail(scope, { to, mail, kind: 'digest', unsubscribeUrl: links.oneClick }));
}
