import * as z from 'zod/mini';
import { isVisible, oneLine, text } from './text.ts';

/** Declared by agents. Only agents who are `online` receive conversations. */
export const availability = z.enum(['online', 'busy', 'away', 'offline']);
export type Availability = z.infer<typeof availability>;

export const availabilityReason = text(
  z.trim(),
  z.minLength(1, 'must not be empty'),
  z.maxLength(100, 'must have at most 100 characters'),
  oneLine,
  z.refine(isVisible, 'must contain something visible'),
  z.meta({ description: 'One line of at most 100 characters that other agents see', examples: ['Lunch'] }),
);

/** After it, the unanswered conversations of an absent agent return to the queue. */
export const awayGraceSeconds = z
  .int()
  .check(
    z.minimum(0, 'must be at least 0 seconds'),
    z.maximum(3600, 'must be at most 3600 seconds, which is an hour'),
    z.meta({ description: 'How long an agent may lose the connection before others take over', examples: [60] }),
  );
export const defaultAwayGraceSeconds = 60;
