import * as z from 'zod/mini';
import { user } from './user.ts';

/** Answer of login, refresh and password change. `expiresIn` is the access token's life in seconds. */
export const tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int(),
  user,
});
export type Tokens = z.infer<typeof tokens>;
