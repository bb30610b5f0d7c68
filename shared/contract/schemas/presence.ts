import * as z from 'zod/mini';
import { timestamp, userId } from './ids.ts';

/** The service decides when a user is offline. */
export const ownStatus = z.enum(['online', 'away']);
export type OwnStatus = z.infer<typeof ownStatus>;

export const presence = z
  .object({
    userId,
    status: z.enum(['online', 'away', 'offline']),
    lastSeenAt: z.optional(
      timestamp.check(z.describe('Last activity of a user who is offline; absent if there was none')),
    ),
  })
  .register(z.globalRegistry, { id: 'Presence', description: 'Whether a user is online, away or offline' });
export type Presence = z.infer<typeof presence>;
