import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { tooManyAttempts } from '../problems.ts';
import { email } from '../schemas/email.ts';
import { tenantSlug } from '../schemas/ids.ts';

export const resendVerification = defineRoute({
  operationId: 'resendVerification',
  method: 'POST',
  path: '/api/v1/auth/resend-verification',
  access: 'public',
  summary: 'Ask again for the mail that verifies an address',
  description:
    'The answer is the same whether the address needs verification or not. The link works once, for 24 hours.',
  params: {},
  body: z.strictObject({ tenant: tenantSlug, email }),
  responses: { 202: z.object({ status: z.literal('accepted') }) },
  problems: [tooManyAttempts],
  idempotent: 'no',
});
