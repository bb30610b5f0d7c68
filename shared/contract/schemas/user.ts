import * as z from 'zod/mini';
import { asciiLowerCase } from './email.ts';
import { tenantId, timestamp, userId } from './ids.ts';
import { nameDescription, recognisableName, text } from './text.ts';

export const role = z.enum(['guest', 'member', 'agent', 'admin', 'staff']).register(z.globalRegistry, {
  id: 'Role',
  description: 'Each role includes the rights of the roles before it',
  examples: ['member'],
});
export type Role = z.infer<typeof role>;

export const userStatus = z.enum(['pending', 'active', 'suspended', 'rejected']).register(z.globalRegistry, {
  id: 'UserStatus',
  description:
    'A `pending` account becomes `active` or `rejected`. An `active` account can be `suspended` and reactivated.',
  examples: ['active'],
});

export const personName = recognisableName(50).check(z.meta({ description: nameDescription, examples: ['Alice'] }));
export const username = text(
  z.trim(),
  z.overwrite(asciiLowerCase),
  z.regex(/^[a-z0-9](?:[a-z0-9._-]{0,28})[a-z0-9]$/, 'must be 2 to 30 letters, digits, dots, hyphens or underscores'),
  z.meta({
    description: '2 to 30 letters, digits, dots, hyphens and underscores. Case-insensitive, and unique in the tenant.',
    // The schema converts capitals before the check.
    pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,28})[A-Za-z0-9]$',
    examples: ['alice'],
  }),
);

export const newPassword = text(
  z.minLength(10),
  z.maxLength(200),
  z.refine((value) => /\p{Lu}/u.test(value), 'must contain an upper-case letter'),
  z.refine((value) => /\p{Ll}/u.test(value), 'must contain a lower-case letter'),
  z.regex(/[0-9]/, 'must contain a digit'),
  z.refine((value) => /[^\p{L}\p{N}\s]/u.test(value), 'must contain a special character'),
  z.meta({
    description:
      '10 to 200 characters with an upper-case letter, a lower-case letter, a digit and a special character. Passwords that are easy to guess are rejected.',
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

export const userSummary = z
  .object({
    id: userId,
    username: sampleNames.username,
    firstName: sampleNames.firstName,
    lastName: sampleNames.lastName,
    role,
  })
  .register(z.globalRegistry, {
    id: 'UserSummary',
    description: 'The profile of a user, as other users of the tenant see it',
  });

export const user = z
  .object({
    id: userId,
    tenantId,
    ...sampleNames,
    role,
    status: userStatus,
    emailVerified: z.boolean().check(
      z.meta({
        description: 'Whether the user has verified the address. Until then, other users cannot find the user by it.',
        examples: [true],
      }),
    ),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'User',
    description: 'The account of a user, as the user and the tenant’s administrators see it',
  });
export type User = z.infer<typeof user>;
