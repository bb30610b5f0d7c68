import { generateKeySync } from 'node:crypto';
import type { TenantKeys } from './data-keys.ts';

export function newTenantKeys(version = 1): TenantKeys {
  const newKey = () => generateKeySync('aes', { length: 256 });
  return { version, encryption: newKey(), digest: newKey(), chain: newKey(), lookup: newKey() };
}
