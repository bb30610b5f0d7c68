import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidToken } from '../problems.ts';
import { text } from '../schemas/text.ts';
import { sessionTokens } from '../schemas/tokens.ts';

export const refreshTokenField = text(
  z.minLength(1),
  z.maxLength(500),
  z.meta({
    description: '`refreshToken` of the latest login, refresh or password change',
    examples: ['pQx0c7WmZr1tJ2yVb8nKd4sGh6Lf9aEu3oTi5RwXqCM'],
  }),
);

export const refresh = defineRoute({
  operationId: 'refresh',
  method: 'POST',
  path: '/api/v1/auth/refresh',
  access: 'public',
  summary: 'Refresh tokens',
  description:
    'Exchanges a refresh token for a new access token and a new refresh token. A refresh token works once. If you lose the response, repeat the request within 10 seconds to get the same new refresh token. A later repetition ends the session, because the refresh token may have been stolen.',
  params: {},
  body: z.strictObject({ refreshToken: refreshTokenField }),
  responses: { 200: sessionTokens },
  problems: [invalidToken],
  idempotent: 'no',
});
