import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { refreshTokenField } from './refresh.ts';

export const logout = defineRoute({
  operationId: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  access: 'public',
  summary: 'End the session of a refresh token',
  description: 'Access tokens and sockets of the session end within 5 seconds. An unknown token is no error.',
  params: {},
  body: z.strictObject({ refreshToken: refreshTokenField }),
  responses: { 204: null },
  problems: [],
  idempotent: 'yes',
});
