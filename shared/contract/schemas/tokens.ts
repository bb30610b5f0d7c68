import * as z from 'zod/mini';
import { user } from './user.ts';

export const tokens = z
  .object({
    accessToken: z.string().check(
      z.meta({
        description: 'A JWT signed with ES256. Send it as `authorization: Bearer …`.',
        examples: ['eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.e30.c2lnbmF0dXJl'],
      }),
    ),
    refreshToken: z.string().check(
      z.meta({
        description: 'An opaque token that works once. Store it where scripts of other pages cannot read it.',
        examples: ['pQx0c7WmZr1tJ2yVb8nKd4sGh6Lf9aEu3oTi5RwXqCM'],
      }),
    ),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().check(z.meta({ description: 'Lifetime of the access token, in seconds', examples: [900] })),
    user,
  })
  .register(z.globalRegistry, {
    id: 'Tokens',
    description: 'The tokens of a session: a short-lived access token, and a refresh token to get new tokens',
  });
export type Tokens = z.infer<typeof tokens>;
