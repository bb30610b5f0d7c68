import * as z from 'zod/mini';
import { largestAttachment } from '../../contract/schemas/attachment.ts';
import { text } from '../../contract/schemas/text.ts';

const mebibyte = 1024 * 1024;

/** RFC 6454, section 6.2. */
const origin = text(
  z.maxLength(300),
  z.regex(/^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/, 'must be an origin such as https://chat.example.com'),
);

export const settingMembers = {
  /** `approval`: an admin approves each account. */
  registration: z.enum(['open', 'approval', 'closed']),
  /** Whether people without an account may sign in as guests. */
  guests: z.enum(['on', 'off']),
  /**
   * Whether an address must be verified before the first login. If so, registration does not reveal existing accounts.
   */
  emailVerification: z.enum(['optional', 'required']),
  /** Per sender and conversation; `null` is no limit. */
  messagesPerMinute: z.nullable(z.int().check(z.minimum(1), z.maximum(100_000))),
  /** In code points. */
  textLength: z.int().check(z.minimum(1), z.maximum(10_000)),
  /** For edits and deletions; `null` is always, 0 never. Guests: at most 5. */
  editWindowMinutes: z.nullable(z.int().check(z.minimum(0), z.maximum(525_600))),
  groupSize: z.int().check(z.minimum(2), z.maximum(500)),
  attachmentBytes: z.int().check(z.minimum(1), z.maximum(largestAttachment)),
  attachmentsPerMessage: z.int().check(z.minimum(1), z.maximum(20)),
  /** All files that one user has sent or is about to send; `null` is no limit. */
  userQuotaBytes: z.nullable(z.int().check(z.minimum(0))),
  /** The same for the whole tenant. */
  tenantQuotaBytes: z.nullable(z.int().check(z.minimum(0))),
  /** Messages sent while this is off are not found later. */
  search: z.enum(['on', 'off']),
  /**
   * What pushes about direct and group conversations show on a locked screen: only that there is a message, also its
   * sender, or also its text. Pushes about support conversations never show either.
   */
  pushContent: z.enum(['none', 'sender', 'text']),
  /** Origins whose pages may open the WebSocket; empty allows all. */
  allowedOrigins: z.array(origin).check(z.maxLength(50)),
};

export const tenantSettingsSchema = z.object({
  /** Only changes are validated, so later rules never invalidate a stored tenant. */
  name: z._default(z.string(), 'Switchboard'),
  registration: z._default(settingMembers.registration, 'open'),
  emailVerification: z._default(settingMembers.emailVerification, 'optional'),
  guests: z._default(settingMembers.guests, 'on'),
  messagesPerMinute: z._default(settingMembers.messagesPerMinute, 10),
  textLength: z._default(settingMembers.textLength, 2000),
  editWindowMinutes: z._default(settingMembers.editWindowMinutes, 15),
  groupSize: z._default(settingMembers.groupSize, 500),
  attachmentBytes: z._default(settingMembers.attachmentBytes, 10 * mebibyte),
  attachmentsPerMessage: z._default(settingMembers.attachmentsPerMessage, 10),
  userQuotaBytes: z._default(settingMembers.userQuotaBytes, 1024 * mebibyte),
  tenantQuotaBytes: z._default(settingMembers.tenantQuotaBytes, 100 * 1024 * mebibyte),
  search: z._default(settingMembers.search, 'on'),
  pushContent: z._default(settingMembers.pushContent, 'none'),
  allowedOrigins: z._default(settingMembers.allowedOrigins, []),
});
export type TenantSettings = z.output<typeof tenantSettingsSchema>;

export const standardSettings: TenantSettings = tenantSettingsSchema.parse({});

/** A client without an `Origin` is not a browser. */
export function allowsOrigin(settings: TenantSettings, requestOrigin: string | undefined): boolean {
  return (
    requestOrigin === undefined ||
    settings.allowedOrigins.length === 0 ||
    settings.allowedOrigins.includes(requestOrigin)
  );
}
