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
  summary: 'Resend the verification mail',
  description:
    'Mails a new verification link if the address needs one. The response is the same whether or not it does. The link works once, within 24 hours.',
  params: {},
  body: z.strictObject({ tenant: tenantSlug, email }),
  responses: { 202: z.object({ status: z.literal('accepted') }) },
  problems: [tooManyAttempts],
  idempotent: 'no',
});
