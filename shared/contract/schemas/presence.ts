import * as z from 'zod/mini';
import { timestamp, userId } from './ids.ts';

/** What a client may say of itself; that nobody is there says itself. */
export const ownStatus = z.enum(['online', 'away']);
export type OwnStatus = z.infer<typeof ownStatus>;

export const presence = z
  .object({
    userId,
    status: z.enum(['online', 'away', 'offline']),
    lastSeenAt: z.optional(
      timestamp.check(z.describe('Of a user who is offline: the last sign of life, if there ever was one')),
    ),
  })
  .register(z.globalRegistry, { id: 'Presence', description: 'Whether a user is there' });
export type Presence = z.infer<typeof presence>;
