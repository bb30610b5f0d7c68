import type { AttemptLimit } from '../identity/attempt-limits.ts';

/** The maximum number of a user's files that are announced and neither accepted nor rejected. */
export const mostPendingFiles = 50;
/** The maximum bytes of those files: ten of the largest. */
export const mostPendingBytes = 500 * 1024 * 1024;

/** Limit of a user's announcements. Each file is examined at most three times, so this also limits the examinations. */
export const announcementLimit: AttemptLimit = { name: 'announce-file', burst: 120, intervalMs: 2000 };

/**
 * Examinations of one file that may end without a result. A file is rejected after it has crashed the function or run
 * into its timeout three times.
 */
export const mostExaminations = 3;
/** Longer than the function's timeout: an examination that started earlier has ended. */
export const longestExaminationMs = 30_000;
