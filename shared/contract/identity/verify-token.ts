import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidToken } from '../problems.ts';
import { tenantId, timestamp, userId } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { role } from '../schemas/user.ts';

export const verifyToken = defineRoute({
  operationId: 'verifyToken',
  method: 'POST',
  path: '/api/v1/auth/verify',
  access: 'public',
  summary: 'Verify an access token',
  description:
    'Returns the user of a valid token. Answers `invalid-token` if the token is not valid, has expired, or belongs to a session that has ended. To verify signatures without a request, use the public keys at `/.well-known/jwks.json`.',
  params: {},
  body: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(4096),
      z.meta({
        description: 'An access token',
        examples: ['eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.e30.c2lnbmF0dXJl'],
      }),
    ),
  }),
  responses: {
    200: z.object({
      valid: z.literal(true),
      user: z.object({ id: userId, tenantId, role }),
      expiresAt: timestamp,
    }),
  },
  problems: [invalidToken],
  idempotent: 'safe',
});
