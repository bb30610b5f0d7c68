import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';

export const getJwks = defineRoute({
  operationId: 'getJwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  access: 'public',
  summary: 'Get the public keys of access tokens',
  description: 'A JSON Web Key Set (RFC 7517). The header of an access token names its key in `kid`.',
  params: {},
  responses: {
    200: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          x: z.string().check(z.meta({ examples: ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU'] })),
          y: z.string().check(z.meta({ examples: ['x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'] })),
          kid: z.string().check(z.meta({ description: 'Id of the key', examples: ['1'] })),
          use: z.literal('sig'),
          alg: z.literal('ES256'),
        }),
      ),
    }),
  },
  problems: [],
  idempotent: 'safe',
});
