import type { getJwks as getJwksRoute } from '../../contract/identity/get-jwks.ts';
import type { UseCase } from '../../core/use-case.ts';
import { publicKeys } from './signing-key.ts';

export const getJwks: UseCase<typeof getJwksRoute> = async () => {
  const keys = await publicKeys();
  return { keys: keys.map((key) => ({ ...key })) };
};
