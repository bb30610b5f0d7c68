import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidToken } from '../problems.ts';
import { text } from '../schemas/text.ts';

export const unsubscribe = defineRoute({
  operationId: 'unsubscribe',
  method: 'POST',
  path: '/api/v1/mail/unsubscribe',
  access: 'public',
  summary: 'Unsubscribe from mails',
  description:
    'Mail programs post to this address when the recipient of a digest or of a mail about an answer unsubscribes (RFC 8058). The body is ignored. A browser that opens the address gets a page that asks first.',
  params: {},
  query: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({
        description: 'Token in the mail’s link',
        examples: [
          '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB.u.01KAJ70A5CE8G1H3J6K9M2P4QR.h4mVb0eQpXxk1sT9wLc7yR2dJf6uNz3gAo8iKqWvE5M',
        ],
      }),
    ),
  }),
  responses: { 204: null },
  problems: [invalidToken],
  idempotent: 'yes',
});
