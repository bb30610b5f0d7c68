import * as z from 'zod/mini';
import { tenantId, timestamp, userId } from './ids.ts';

export const role = z.enum(['guest', 'member', 'agent', 'admin', 'staff']);
export type Role = z.infer<typeof role>;

export const userStatus = z.enum(['pending', 'active', 'suspended', 'rejected']);

const singleLine = z.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters');
const notBlank = z.regex(/\S/, 'must not be blank');

/** First or last name: 1 to 50 characters. */
export const personName = z.string().check(z.trim(), z.minLength(1), z.maxLength(50), singleLine, notBlank);
/** Compared without regard to case. */
export const email = z
  .string()
  .check(z.trim(), z.toLowerCase(), z.maxLength(254), z.regex(z.regexes.email, 'must be an e-mail address'));
/** 3 to 30 characters; compared without regard to case. */
export const username = z
  .string()
  .check(
    z.trim(),
    z.toLowerCase(),
    z.regex(/^[a-z0-9](?:[a-z0-9._-]{1,28})[a-z0-9]$/, 'must be 3 to 30 letters, digits, dots, hyphens or underscores'),
  );

/** A new password: 10 to 200 characters with an upper-case letter, a lower-case letter, a digit and a special character. */
export const newPassword = z
  .string()
  .check(
    z.minLength(10),
    z.maxLength(200),
    z.regex(/\p{Lu}/u, 'must contain an upper-case letter'),
    z.regex(/\p{Ll}/u, 'must contain a lower-case letter'),
    z.regex(/[0-9]/, 'must contain a digit'),
    z.regex(/[^\p{L}\p{N}\s]/u, 'must contain a special character'),
  );

/** What the members of a tenant see of one another. */
export const userSummary = z.object({
  id: userId,
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role,
});

/** What a user sees of itself, and an administrator of a user. */
export const user = z.object({
  id: userId,
  tenantId,
  email: z.string(),
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role,
  status: userStatus,
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type User = z.infer<typeof user>;
