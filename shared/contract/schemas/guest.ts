import * as z from 'zod/mini';
import { email } from './email.ts';
import { tenantId, timestamp, userId } from './ids.ts';
import { nameDescription, recognisableName, text } from './text.ts';

const separators = /[\s()./-]+/g;

const phone = text(
  z.maxLength(40),
  z.overwrite((value) => value.replace(separators, '')),
  z.regex(/^\+?[0-9]{3,15}$/, 'must be a telephone number of 3 to 15 digits'),
  z.meta({
    description:
      'A telephone number of 3 to 15 digits, with or without `+`. Spaces, parentheses, dots, slashes and hyphens are removed.',
    // Separators may be sent: the schema removes them before the check.
    pattern: String.raw`^[0-9+ ()./-]+$`,
    examples: ['+41 44 555 01 23'],
  }),
);
/** RFC 5646, section 2.1, without extensions and private use. */
const language = text(
  z.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language tag such as de-CH'),
  z.meta({ description: 'A language tag (RFC 5646)', examples: ['de-CH'] }),
);

/** The optional profile of a guest, in a request. */
export const guestProfileMembers = {
  name: recognisableName(50).check(z.meta({ description: nameDescription, examples: ['Sam'] })),
  email: email.check(
    z.meta({
      description: 'An e-mail address, in any case. Other guests and users may have the same one.',
      format: 'email',
      examples: ['sam@example.com'],
    }),
  ),
  phone,
  language,
};
export type GuestField = keyof typeof guestProfileMembers;
export const guestFields = ['name', 'email', 'phone', 'language'] as const satisfies readonly GuestField[];

export const guest = z
  .object({
    id: userId,
    tenantId,
    role: z.literal('guest'),
    name: z.optional(z.string().check(z.meta({ examples: ['Sam'] }))),
    email: z.optional(z.string().check(z.meta({ examples: ['sam@example.com'] }))),
    phone: z.optional(z.string().check(z.meta({ examples: ['+41445550123'] }))),
    language: z.optional(z.string().check(z.meta({ examples: ['de-CH'] }))),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'Guest',
    description: 'An anonymous person, as the guest sees it. Members that the guest has not given are absent.',
  });
export type Guest = z.infer<typeof guest>;
