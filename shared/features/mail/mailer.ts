import { BadRequestException, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { slowCallLimits } from '../../core/runtime/call-limits.ts';
import { config } from '../../core/runtime/config.ts';
import { log } from '../../core/runtime/logger.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { MailKind } from '../../contract/schemas/suppression.ts';
import { mailTags } from './feedback-rules.ts';
import type { Mail } from './mail-layout-rules.ts';
import { isSuppressed } from './suppression-store.ts';

export interface AddressedMail {
  readonly to: string;
  readonly mail: Mail;
  readonly kind: MailKind;
  /** Accepts the POST of RFC 8058 and needs no session. */
  readonly unsubscribeUrl?: string;
}

const mailer = new SESv2Client({ maxAttempts: 3, requestHandler: slowCallLimits });

/**
 * Sends a mail, unless the tenant suppresses the address. Ignores addresses that SES rejects (RFC 5322, section 3.4.1).
 * Otherwise strangers could fill the dead-letter queue.
 *
 * @throws if SES does not accept the mail now: a limit, a paused account, an unverified sender.
 */
export async function sendMail(scope: TenantScope, { to, mail, kind, unsubscribeUrl }: AddressedMail): Promise<void> {
  if (await isSuppressed(scope, to)) {
    log('info', 'mail.suppressed', { tenantId: scope.tenantId, eventType: kind });
    return;
  }
  const content = (data: string) => ({ Data: data, Charset: 'UTF-8' });
  const command = new SendEmailCommand({
    FromEmailAddress: config.mailFrom,
    ConfigurationSetName: config.mailConfigurationSet,
    Destination: { ToAddresses: [to] },
    EmailTags: [
      { Name: mailTags.tenant, Value: scope.tenantId },
      { Name: mailTags.kind, Value: kind },
    ],
    Content: {
      Simple: {
        Subject: content(mail.subject),
        Body: { Text: content(mail.text), Html: content(mail.html) },
        ...(unsubscribeUrl === undefined ? {} : { Headers: unsubscribeHeaders(unsubscribeUrl) }),
      },
    },
  });
  try {
    await mailer.send(command);
  } catch (error) {
    if (!(error instanceof BadRequestException)) throw error;
    log('warn', 'mail.refused', { tenantId: scope.tenantId, eventType: kind }, error);
  }
}

/** RFC 8058, section 3.1. */
function unsubscribeHeaders(url: string) {
  return [
    { Name: 'List-Unsubscribe', Value: `<${url}>` },
    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
  ];
}
