import * as z from 'zod/mini';
import { timestamp } from './ids.ts';
import { text } from './text.ts';

/** `account`: links and notices about an account. `urgent`: alerts of people on call. */
export const mailKinds = ['account', 'urgent', 'digest', 'answer'] as const;
export const mailKind = z.enum(mailKinds).check(
  z.meta({
    description:
      'The kind of the mail: `account` is about an account, `urgent` alerts the people on call, `digest` lists unread notifications, and `answer` tells a customer of an answer',
    examples: ['digest'],
  }),
);
export type MailKind = z.infer<typeof mailKind>;

export const suppressionReasons = ['bounce', 'complaint', 'unsubscribed'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

export const suppressionId = text(
  z.regex(/^[A-Za-z0-9_-]{43}$/, 'must be 43 characters of base64url'),
  z.meta({
    description: 'Id of the suppression: a keyed hash of the address',
    examples: ['h4mVb0eQpXxk1sT9wLc7yR2dJf6uNz3gAo8iKqWvE5M'],
  }),
);

export const suppression = z
  .object({
    id: suppressionId,
    address: z.optional(
      z.string().check(
        z.meta({
          description: 'Absent if the recipient unsubscribed, or the person was erased',
          examples: ['sam@example.com'],
        }),
      ),
    ),
    reason: z.enum(suppressionReasons).check(
      z.meta({
        description:
          'The reason: the recipient’s server rejected a mail for good, the recipient marked one as spam, or the recipient unsubscribed from answers',
        examples: ['bounce'],
      }),
    ),
    kind: mailKind,
    since: timestamp,
  })
  .register(z.globalRegistry, { id: 'Suppression', description: 'An address to which the service sends no mail' });
export type Suppression = z.infer<typeof suppression>;
