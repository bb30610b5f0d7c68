import * as z from 'zod/mini';
import { text } from './text.ts';

const headerName = text(
  z.toLowerCase(),
  z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be the name of a header'),
  z.meta({ examples: ['x-signature'] }),
);

/** How a sender signs the bytes of the body. */
export const hmacProfile = z
  .strictObject({
    header: headerName.check(z.describe('The header with the signature')),
    algorithm: z.enum(['sha256', 'sha512']),
    encoding: z.enum(['hex', 'base64']),
    prefix: z._default(
      text(z.maxLength(20), z.meta({ description: 'Precedes each signature in the header', examples: ['sha256='] })),
      '',
    ),
    signedString: z
      .enum(['body', 'ts.body', 'id.ts.body'])
      .check(z.describe('The signed text: the body alone, or after the time and the id, with dots between them')),
    timestampHeader: z.optional(
      headerName.check(
        z.describe('The header with the time, in seconds. Without it, the time is the part `t=` of the signature.'),
      ),
    ),
    idHeader: z.optional(headerName.check(z.describe('The header with the id of the delivery'))),
    toleranceSeconds: z._default(
      z
        .int()
        .check(
          z.minimum(1),
          z.maximum(3600),
          z.meta({ description: 'Maximum age of the time, and its maximum lead', examples: [300] }),
        ),
      300,
    ),
  })
  .check(
    z.refine((profile) => profile.signedString !== 'id.ts.body' || profile.idHeader !== undefined, {
      path: ['idHeader'],
      error: 'is required if the id is signed',
    }),
  );
export type HmacProfile = z.output<typeof hmacProfile>;

export const authenticationModes = [
  'standard-webhooks',
  'pagerduty',
  'jira',
  'github',
  'stripe',
  'hmac',
  'token',
] as const;
export type AuthenticationMode = (typeof authenticationModes)[number];

export const authenticationMembers = {
  mode: z.enum(authenticationModes).check(
    z.meta({
      description:
        '`standard-webhooks`, or the signature of PagerDuty, Jira, GitHub or Stripe. `hmac`: a signature as `profile` describes it. `token`: the secret itself, in a header.',
      examples: ['token'],
    }),
  ),
  profile: z.optional(hmacProfile.check(z.describe('Required with `hmac` only'))),
  header: z.optional(
    headerName.check(
      z.meta({
        description: 'With `token` only: the header with the token. By default, `authorization` with `Bearer`.',
        examples: ['x-api-key'],
      }),
    ),
  ),
};
export const authentication = z.strictObject(authenticationMembers).check(
  z.refine((value) => (value.mode === 'hmac') === (value.profile !== undefined), {
    path: ['profile'],
    error: 'is required with the mode hmac, and only there',
  }),
  z.refine((value) => value.header === undefined || value.mode === 'token', {
    path: ['header'],
    error: 'send it only with the mode token',
  }),
);
export type Authentication = z.output<typeof authentication>;
