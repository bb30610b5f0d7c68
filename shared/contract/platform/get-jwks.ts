import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';

export const getJwks = defineRoute({
  operationId: 'getJwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  access: 'public',
  summary: 'Get the keys that access tokens are verified with',
  description: 'JSON Web Key Set, RFC 7517.',
  params: {},
  responses: {
    200: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          x: z.string(),
          y: z.string(),
          kid: z.string(),
          use: z.literal('sig'),
          alg: z.literal('ES256'),
        }),
      ),
    }),
  },
  problems: [],
  idempotent: 'safe',
});
