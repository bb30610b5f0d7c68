import * as z from 'zod/mini';
import { asciiLowerCase } from './email.ts';
import { tenantId, timestamp, userId } from './ids.ts';
import { nameDescription, recognisableName, text } from './text.ts';

export const role = z.enum(['guest', 'member', 'agent', 'admin', 'staff']).register(z.globalRegistry, {
  id: 'Role',
  description: 'Each role may do what those before it may',
  examples: ['member'],
});
export type Role = z.infer<typeof role>;

export const userStatus = z.enum(['pending', 'active', 'suspended', 'rejected']).register(z.globalRegistry, {
  id: 'UserStatus',
  description: 'pending → active or rejected; active ↔ suspended',
  examples: ['active'],
});

/** First or last name: 1 to 50 characters. */
export const personName = recognisableName(50).check(z.meta({ description: nameDescription, examples: ['Alice'] }));
/** 2 to 30 characters; compared without regard to case. */
export const username = text(
  z.trim(),
  z.overwrite(asciiLowerCase),
  z.regex(/^[a-z0-9](?:[a-z0-9._-]{0,28})[a-z0-9]$/, 'must be 2 to 30 letters, digits, dots, hyphens or underscores'),
  z.meta({
    description: 'Compared without regard to case; unique in the tenant',
    // Case is folded before the check, so capitals may be sent.
    pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,28})[A-Za-z0-9]$',
    examples: ['alice'],
  }),
);

/** A new password: 10 to 200 characters with an upper-case letter, a lower-case letter, a digit and a special character. */
export const newPassword = text(
  z.minLength(10),
  z.maxLength(200),
  z.refine((value) => /\p{Lu}/u.test(value), 'must contain an upper-case letter'),
  z.refine((value) => /\p{Ll}/u.test(value), 'must contain a lower-case letter'),
  z.regex(/[0-9]/, 'must contain a digit'),
  z.refine((value) => /[^\p{L}\p{N}\s]/u.test(value), 'must contain a special character'),
  z.meta({
    description:
      'With an upper-case letter, a lower-case letter, a digit and a special character; not one that is easy to guess',
    format: 'password',
    examples: ['Harbour-lamp-72'],
  }),
);

const sampleNames = {
  email: z.string().check(z.meta({ examples: ['alice@example.com'] })),
  username: z.string().check(z.meta({ examples: ['alice'] })),
  firstName: z.string().check(z.meta({ examples: ['Alice'] })),
  lastName: z.string().check(z.meta({ examples: ['Moreau'] })),
};

/** What the members of a tenant see of one another. */
export const userSummary = z
  .object({
    id: userId,
    username: sampleNames.username,
    firstName: sampleNames.firstName,
    lastName: sampleNames.lastName,
    role,
  })
  .register(z.globalRegistry, { id: 'UserSummary', description: 'What the members of a tenant see of one another' });

/** What a user sees of itself, and an administrator of a user. */
export const user = z
  .object({
    id: userId,
    tenantId,
    ...sampleNames,
    role,
    status: userStatus,
    emailVerified: z.boolean().check(
      z.meta({
        description:
          'Whether the owner of the address has confirmed it. Until then, other users cannot find the user by it.',
        examples: [true],
      }),
    ),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'User',
    description: 'What a user sees of itself, and an administrator of a user',
  });
export type User = z.infer<typeof user>;
