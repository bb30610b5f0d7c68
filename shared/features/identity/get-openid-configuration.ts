import type { getOpenidConfiguration as getOpenidConfigurationRoute } from '../../contract/identity/get-openid-configuration.ts';
import { accessTokenAlgorithm } from './access-token.ts';
import { config } from '../../core/runtime/config.ts';
import type { UseCase } from '../../core/use-case.ts';

/** OpenID Connect Discovery 1.0, section 3. */
export const getOpenidConfiguration: UseCase<typeof getOpenidConfigurationRoute> = async () => ({
  issuer: config.publicUrl,
  jwks_uri: `${config.publicUrl}/.well-known/jwks.json`,
  id_token_signing_alg_values_supported: [accessTokenAlgorithm],
  response_types_supported: ['token'],
  subject_types_supported: ['public'],
});
