import { defineRoute } from '../kit/define-route.ts';
import { guest } from '../schemas/guest.ts';
import { guestEnded } from './problems.ts';

export const getGuestProfile = defineRoute({
  operationId: 'getGuestProfile',
  method: 'GET',
  path: '/api/v1/guests/me',
  access: 'guest-profile:read',
  summary: 'Get your profile as a guest',
  params: {},
  responses: { 200: guest },
  problems: [guestEnded],
  idempotent: 'safe',
});
