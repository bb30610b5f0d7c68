import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { accountSuspended, clockSkew, tooManyAttempts } from '../problems.ts';
import { guestProfileMembers } from '../schemas/guest.ts';
import { tenantSlug } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { guestTokens } from '../schemas/tokens.ts';
import {
  deviceAlreadyGuest,
  deviceRemoved,
  guestEnded,
  guestsOff,
  invalidProof,
  proofOfWorkRequired,
  transferCodeInvalid,
} from './problems.ts';

/** Of 22 random characters, fewer than this many differ once in 10¹² secrets. */
const leastDifferentCharacters = 8;

const deviceSecret = text(
  z.regex(/^[A-Za-z0-9_-]{22,128}$/, 'must be 22 to 128 characters of base64url: at least 128 random bits'),
  z.refine((value) => new Set(value).size >= leastDifferentCharacters, 'must be random'),
  z.meta({
    description:
      'At least 128 random bits in base64url, which the device generated and keeps. For devices that cannot sign a `proof`.',
    examples: ['mZ3vQk7rTz0xWc5nYp8sLg'],
  }),
);
const proof = text(
  z.maxLength(2048),
  z.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'must be a compact JWS'),
  z.meta({
    description:
      'A compact JWS (RFC 7515), signed with a P-256 key that the device made and keeps. Header: `typ` is `switchboard-guest+jwt`, `alg` is `ES256`, and `jwk` is the public key with `kty`, `crv`, `x` and `y`. Payload: `aud` is the public address of the service, `tenant` is that of the request, `iat` is the current time in seconds, and `jti` is a new random text of 22 to 64 characters of base64url. Both have no other members, no white space, and no member twice.',
    examples: ['eyJhbGciOiJFUzI1NiJ9.eyJ0ZW5hbnQiOiJkZW1vIn0.c2lnbmF0dXJl'],
  }),
);
const work = z.strictObject({
  challenge: text(z.maxLength(200), z.meta({ description: '`work.challenge` of the problem' })),
  nonce: text(
    z.regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 characters of base64url'),
    z.meta({ description: 'The solution', examples: ['k3x'] }),
  ),
});

export const signInAsGuest = defineRoute({
  operationId: 'signInAsGuest',
  method: 'POST',
  path: '/api/v1/auth/guest',
  access: 'public',
  summary: 'Sign in as a guest',
  description:
    'Begins a session of an anonymous person. Send either `proof` or `deviceSecret`: the same key or secret is the same guest. The members of `profile` are stored if you send them. Send a `transferCode` of another device to be its guest on this device too.',
  params: {},
  body: z
    .strictObject({
      tenant: tenantSlug,
      proof: z.optional(proof.check(z.describe('Required unless `deviceSecret` is sent'))),
      deviceSecret: z.optional(deviceSecret.check(z.describe('Required unless `proof` is sent'))),
      profile: z.optional(z.partial(z.strictObject(guestProfileMembers))),
      work: z.optional(work.check(z.describe('The solution of a `proof-of-work-required`'))),
      transferCode: z.optional(
        text(
          z.maxLength(40),
          z.meta({
            description: 'A code of `createTransferCode`. Case, spaces and hyphens do not matter.',
            examples: ['K7MNP-4WXYZ'],
          }),
        ),
      ),
      endOtherSessions: z.optional(
        z.boolean().check(z.describe('With `transferCode`: no other device can use the guest any longer')),
      ),
    })
    .check(
      z.refine((body) => (body.proof === undefined) !== (body.deviceSecret === undefined), {
        path: ['proof'],
        error: 'send either proof or deviceSecret',
      }),
      z.refine((body) => body.endOtherSessions === undefined || body.transferCode !== undefined, {
        path: ['endOtherSessions'],
        error: 'send it only with transferCode',
      }),
      z.meta({
        examples: [
          { tenant: 'demo', deviceSecret: 'mZ3vQk7rTz0xWc5nYp8sLg', profile: { name: 'Sam', language: 'de-CH' } },
        ],
      }),
    ),
  responses: { 200: guestTokens },
  problems: [
    guestsOff,
    invalidProof,
    clockSkew,
    proofOfWorkRequired,
    tooManyAttempts,
    accountSuspended,
    guestEnded,
    transferCodeInvalid,
    deviceAlreadyGuest,
    deviceRemoved,
  ],
  idempotent: 'no',
});
