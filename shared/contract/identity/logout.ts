import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { refreshTokenField } from './refresh.ts';

export const logout = defineRoute({
  operationId: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  access: 'public',
  summary: 'Log out',
  description:
    'Ends the session of the refresh token. The session’s access tokens stop working and its WebSocket connections close within 5 seconds. An unknown refresh token also answers 204.',
  params: {},
  body: z.strictObject({ refreshToken: refreshTokenField }),
  responses: { 204: null },
  problems: [],
  idempotent: 'yes',
});
