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
  summary: 'Ask for a mail with a link to set a new password',
  description:
    'The answer is the same whether the account exists or not. The link works once, for 30 minutes. Setting a password with it also verifies the address.',
  params: {},
  body: z.strictObject({ tenant: z.optional(tenantSlug), email }),
  responses: { 202: z.object({ status: z.literal('accepted') }) },
  problems: [tooManyAttempts],
  idempotent: 'no',
});
