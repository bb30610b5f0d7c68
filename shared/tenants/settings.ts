import * as z from 'zod/mini';

const origin = z.string().check(z.regex(/^https?:\/\/[a-z0-9.-]+(:[0-9]+)?$/, 'must be an origin such as https://app.example'));

/** What a tenant can set. A tenant's record holds what differs from the defaults. */
export const tenantSettingsSchema = z.strictObject({
  /** Name that people read. */
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  registration: z._default(z.enum(['open', 'approval', 'closed']), 'closed'),
  /** Longest text of a message, in code points; guests have at most 1000. */
  textLength: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 2000),
  /** Messages that a sender may write into a conversation in any 60 s; `null` is no limit. */
  messagesPerMinute: z._default(z.nullable(z.int().check(z.minimum(1), z.maximum(1000))), 10),
  /** Browser origins that may open a WebSocket; empty is any. */
  allowedOrigins: z._default(z.array(origin).check(z.maxLength(50)), []),
});
export type TenantSettings = z.output<typeof tenantSettingsSchema>;

/** Guests write at most this much, whatever the tenant allows its users. */
export const guestTextLength = 1000;
