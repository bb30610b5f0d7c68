import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { passwordResetRequestedEvent } from '../contract/events/events.ts';
import type { ConsumedEvent } from '../handler/consumer.ts';
import { now } from '../runtime/clock.ts';
import { config } from '../runtime/config.ts';
import { keys as tableKeys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { openProfile } from './account-records.ts';
import { readAccount } from './account-store.ts';
import { openTenant } from './open-tenant.ts';
import { openPasswordReset, resetToken } from './password-reset.ts';
import { passwordResetMail } from './password-reset-mail.ts';

const consumer = 'send-mail';
/** Longer than a queue and its dead-letter queue keep an event (14 days at most). */
const rememberedSeconds = 15 * 24 * 60 * 60;

const mailer = new SESv2Client({ maxAttempts: 3 });

/**
 * Mails the link that a user asked for. An event that comes again sends nothing; one that comes again because the
 * function died between sending and remembering sends the same link once more.
 */
export async function sendPasswordReset(event: ConsumedEvent<typeof passwordResetRequestedEvent>): Promise<void> {
  const { userId } = event.data;
  if (userId === undefined) return;
  const table = tenantTable(event.scope);
  const handled = tableKeys.handledEvent(consumer, event.id);
  if ((await table.get(handled, { consistent: true })) !== undefined) return;

  const tenant = await openTenant(event.scope);
  const account = await readAccount(event.scope, userId);
  if (account === undefined || account.access.status === 'suspended' || account.access.status === 'rejected') return;

  const token = resetToken(tenant, event.id);
  const reset = await openPasswordReset(tenant, userId, account.credentials.revision, token);
  if (reset.usedAt === undefined && reset.goodUntil > now()) {
    const { email } = openProfile(tenant.keys, event.scope, account.profile);
    const { name: tenantName } = await tenantSettings(event.scope);
    await send(email, passwordResetMail({ tenantName, publicUrl: config.publicUrl, token }));
  }
  await table.put(handled, { handledAt: now(), expiresAt: Math.ceil(now() / 1000) + rememberedSeconds });
}

async function send(to: string, mail: ReturnType<typeof passwordResetMail>): Promise<void> {
  const content = (data: string) => ({ Data: data, Charset: 'UTF-8' });
  await mailer.send(
    new SendEmailCommand({
      FromEmailAddress: config.mailFrom,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: content(mail.subject),
          Body: { Text: content(mail.text), Html: content(mail.html) },
        },
      },
    }),
  );
}
