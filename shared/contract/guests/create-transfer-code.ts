import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { tooManyAttempts } from '../problems.ts';
import { timestamp } from '../schemas/ids.ts';

export const createTransferCode = defineRoute({
  operationId: 'createTransferCode',
  method: 'POST',
  path: '/api/v1/guests/me/transfer-code',
  access: 'guests:transfer',
  summary: 'Create a code to move to another device',
  description:
    'The other device sends the code as `transferCode` when it signs in as a guest. The code works once, within 10 minutes. It contains no 0, O, 1 or I, so that it can be read aloud.',
  params: {},
  responses: {
    201: z.object({
      transferCode: z.string().check(z.meta({ description: '10 letters and digits', examples: ['K7MNP-4WXYZ'] })),
      expiresAt: timestamp,
    }),
  },
  problems: [tooManyAttempts],
  idempotent: 'no',
});
