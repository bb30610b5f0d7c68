import { defineRoute } from '../kit/define-route.ts';
import { user } from '../schemas/user.ts';

export const getMe = defineRoute({
  operationId: 'getMe',
  method: 'GET',
  path: '/api/v1/users/me',
  access: 'profile:read',
  summary: 'Get your profile',
  params: {},
  responses: { 200: user },
  problems: [],
  idempotent: 'safe',
});
