import type { getJwks as getJwksRoute } from '../../contract/identity/get-jwks.ts';
import type { Handler } from '../../transport/http.ts';
import { publicKeys } from './signing-key.ts';

/** The public keys that access tokens are signed with. */
export const getJwks: Handler<typeof getJwksRoute> = async () => {
  const keys = await publicKeys();
  return { status: 200, body: { keys: keys.map((key) => ({ ...key })) } };
};
