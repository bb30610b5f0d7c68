import type { getOpenidConfiguration as getOpenidConfigurationRoute } from '../../contract/identity/get-openid-configuration.ts';
import type { Handler } from '../../transport/http.ts';
import { accessTokenAlgorithm } from './access-token.ts';
import { config } from '../../core/runtime/config.ts';

/** The issuer's metadata: OpenID Connect Discovery 1.0, section 3, as far as verifying access tokens needs it. */
export const getOpenidConfiguration: Handler<typeof getOpenidConfigurationRoute> = async () => ({
  status: 200,
  body: {
    issuer: config.publicUrl,
    jwks_uri: `${config.publicUrl}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: [accessTokenAlgorithm],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
  },
});
