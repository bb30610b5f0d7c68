import * as z from 'zod/mini';
import { guest } from './guest.ts';
import { user } from './user.ts';

const tokenMembers = {
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
};

export const tokens = z.object({ ...tokenMembers, user }).register(z.globalRegistry, {
  id: 'Tokens',
  description: 'The tokens of a session: a short-lived access token, and a refresh token to get new tokens',
});
export type Tokens = z.infer<typeof tokens>;

export const guestTokens = z.object({ ...tokenMembers, user: guest }).register(z.globalRegistry, {
  id: 'GuestTokens',
  description: 'The tokens of a guest’s session',
});
export type GuestTokens = z.infer<typeof guestTokens>;

export const sessionTokens = z.object({ ...tokenMembers, user: z.union([user, guest]) }).register(z.globalRegistry, {
  id: 'SessionTokens',
  description: 'The tokens of the session of a user or a guest',
});
export type SessionTokens = z.infer<typeof sessionTokens>;

/** The tokens of a session, without its user or guest. */
export type TokenPair = Omit<Tokens, 'user'>;
