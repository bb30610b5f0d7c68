import type { Role } from '../../contract/schemas/user.ts';
import type { AttemptLimit } from '../identity/attempt-limits.ts';

/** A user's files that are neither accepted nor rejected. */
export const mostPendingFiles = 50;
/** Ten of the largest files. */
export const mostPendingBytes = 500 * 1024 * 1024;

/** Per user. Also limits the examinations, at most three for each file. */
export const announcementLimit: AttemptLimit = { name: 'announce-file', burst: 120, intervalMs: 2000 };

/** The third crash or timeout of the function rejects the file. */
export const mostExaminations = 3;
/** Longer than the function's timeout. */
export const longestExaminationMs = 30_000;

/** Bytes; applies even if the tenant allows its users more. Guests are many and unknown, and share the tenant's quota. */
const guestQuotaBytes = 50 * 1024 * 1024;

/** All files that a user has sent or is about to send; `null` is no limit. */
export function quotaOf(role: Role, userQuotaBytes: number | null): number | null {
  return role === 'guest' ? Math.min(guestQuotaBytes, userQuotaBytes ?? guestQuotaBytes) : userQuotaBytes;
}
