import type { AttemptLimit } from '../identity/attempt-limits.ts';

/** Files of one user that are announced and neither accepted nor rejected yet. */
export const mostPendingFiles = 50;
/** Bytes of those files: ten of the largest. */
export const mostPendingBytes = 500 * 1024 * 1024;

/** How often a user may announce a file. Each file is examined three times at most, so this bounds that work too. */
export const announcementLimit: AttemptLimit = { name: 'announce-file', burst: 120, intervalMs: 2000 };

/**
 * Examinations of one file that may end without a result. A file on which the function died, or ran out of time, three
 * times is rejected.
 */
export const mostExaminations = 3;
/** Longer than the function's time-out: an examination that began longer ago has ended. */
export const longestExaminationMs = 30_000;
