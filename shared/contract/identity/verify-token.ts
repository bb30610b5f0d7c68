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
  summary: 'Tell whether an access token is valid',
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
