import * as z from 'zod/mini';
import { mailLanguage } from '../../contract/schemas/mail-language.ts';
import { text } from '../../contract/schemas/text.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** The service adds a fragment. */
const pageAddress = z.nullable(
  text(
    z.maxLength(500),
    z.regex(/^(?:https:\/\/[a-z0-9.-]+|http:\/\/localhost)(?::[0-9]{1,5})?(?:\/[!-~]*)?$/, 'must be an address such as https://example.com/chat'),
    z.refine((value) => !value.includes('#'), 'must not contain a fragment'),
  ),
);

/** Separate from the other settings, because only functions that decide about mails need them. */
export const mailSettingMembers = {
  /** Whether users get digests of unread notifications, and customers mails about answers. */
  notificationMails: z.enum(['on', 'off']),
  /** Whether a mail about an answer contains its text. Mails about urgent conversations never do. */
  mailContent: z.enum(['none', 'text']),
  /** Of mails to people whose language is unknown. */
  mailLanguage,
  mailColour: text(z.regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #1a6b54')),
  /** The page on which customers chat; `null` is the public address of the service. */
  customerUrl: pageAddress,
  /** The page on which users work; `null` is the public address of the service. */
  userUrl: pageAddress,
};

const mailSettingsSchema = z.object({
  notificationMails: z._default(mailSettingMembers.notificationMails, 'off'),
  mailContent: z._default(mailSettingMembers.mailContent, 'none'),
  mailLanguage: z._default(mailLanguage, 'en'),
  mailColour: z._default(mailSettingMembers.mailColour, '#1a6b54'),
  customerUrl: z._default(pageAddress, null),
  userUrl: z._default(pageAddress, null),
  name: z._default(z.string(), 'Switchboard'),
});
export type MailSettings = z.output<typeof mailSettingsSchema>;

const cache = new ExpiringCache<MailSettings>({ lifeMs: 30_000, size: 1000 });

/** Returns settings with defaults and the tenant's name, at most 30 seconds old. */
export function mailSettings(scope: TenantScope): Promise<MailSettings> {
  return cache.get(scope.tenantId, () => loadMailSettings(scope));
}

/** Bypasses the cache. */
export async function loadMailSettings(scope: TenantScope): Promise<MailSettings> {
  const item = await tenantTable(scope).get<{ readonly settings: unknown }>(keys.tenantSettings());
  return mailSettingsSchema.parse(item?.settings ?? {});
}
