import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';

export const getOpenidConfiguration = defineRoute({
  operationId: 'getOpenidConfiguration',
  method: 'GET',
  path: '/.well-known/openid-configuration',
  access: 'public',
  summary: 'Get the OpenID Connect metadata',
  description: 'The part of OpenID Connect Discovery 1.0 that a service needs to verify access tokens.',
  params: {},
  responses: {
    200: z.object({
      issuer: z
        .string()
        .check(
          z.meta({ description: 'The `iss` claim of every access token', examples: ['https://chat.example.com'] }),
        ),
      jwks_uri: z.string().check(
        z.meta({
          description: 'URL of the public keys',
          examples: ['https://chat.example.com/.well-known/jwks.json'],
        }),
      ),
      id_token_signing_alg_values_supported: z.array(z.string()).check(z.meta({ examples: [['ES256']] })),
      response_types_supported: z.array(z.string()).check(z.meta({ examples: [['token']] })),
      subject_types_supported: z.array(z.string()).check(z.meta({ examples: [['public']] })),
    }),
  },
  problems: [],
  idempotent: 'safe',
  infallible: true,
});
