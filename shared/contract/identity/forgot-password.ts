import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { tooManyAttempts } from '../problems.ts';
import { email } from '../schemas/email.ts';
import { tenantSlug } from '../schemas/ids.ts';

export const forgotPassword = defineRoute({
  operationId: 'forgotPassword',
  method: 'POST',
  path: '/api/v1/auth/forgot-password',
  access: 'public',
  summary: 'Request a password reset',
  description:
    'Mails a reset link to the address if it belongs to an account. The response is the same whether or not the account exists. The link works once, within 30 minutes. Setting a password with it also verifies the address. Omit `tenant` for an account of the platform’s staff.',
  params: {},
  body: z.strictObject({ tenant: z.optional(tenantSlug), email }),
  responses: { 202: z.object({ status: z.literal('accepted') }) },
  problems: [tooManyAttempts],
  idempotent: 'no',
});
