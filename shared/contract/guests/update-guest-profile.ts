import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { guest, guestProfileMembers } from '../schemas/guest.ts';
import { guestEnded } from './problems.ts';

const { name, email, phone, language } = guestProfileMembers;

export const updateGuestProfile = defineRoute({
  operationId: 'updateGuestProfile',
  method: 'PATCH',
  path: '/api/v1/guests/me',
  access: 'guest-profile:update',
  summary: 'Update your profile as a guest',
  description: 'Fields that you omit keep their values. `null` removes a field.',
  params: {},
  body: z.strictObject({
    name: z.optional(z.nullable(name)),
    email: z.optional(z.nullable(email)),
    phone: z.optional(z.nullable(phone)),
    language: z.optional(z.nullable(language)),
  }),
  responses: { 200: guest },
  problems: [guestEnded],
  idempotent: 'yes',
});
