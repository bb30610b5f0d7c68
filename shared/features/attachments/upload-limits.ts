import type { AttemptLimit } from '../identity/attempt-limits.ts';

/** Limit of a user's files that are announced and neither accepted nor rejected. */
export const mostPendingFiles = 50;
/** Bytes of those files: ten of the largest. */
export const mostPendingBytes = 500 * 1024 * 1024;

/** Limit of a user's announcements. Each file is examined at most three times, so this also bounds the examinations. */
export const announcementLimit: AttemptLimit = { name: 'announce-file', burst: 120, intervalMs: 2000 };

/**
 * Examinations of one file that may end without a result. A file is rejected after the function crashed or timed out on
 * it three times.
 */
export const mostExaminations = 3;
/** Longer than the function's time-out: an examination that started earlier has ended. */
export const longestExaminationMs = 30_000;
