import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidToken } from '../problems.ts';
import { text } from '../schemas/text.ts';
import { tokens } from '../schemas/tokens.ts';

export const refreshTokenField = text(
  z.minLength(1),
  z.maxLength(500),
  z.meta({
    description: '`refreshToken` of the last answer',
    examples: ['pQx0c7WmZr1tJ2yVb8nKd4sGh6Lf9aEu3oTi5RwXqCM'],
  }),
);

export const refresh = defineRoute({
  operationId: 'refresh',
  method: 'POST',
  path: '/api/v1/auth/refresh',
  access: 'public',
  summary: 'Exchange a refresh token for new tokens',
  description:
    'A refresh token works once. Within 10 seconds a repetition gets the same successor, for a lost answer; later it ends the whole session.',
  params: {},
  body: z.strictObject({ refreshToken: refreshTokenField }),
  responses: { 200: tokens },
  problems: [invalidToken],
  idempotent: 'no',
});
