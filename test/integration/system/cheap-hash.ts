import { scryptSync } from 'node:crypto';

/** Same parameters as quick-passwords.ts, so that a login does not replace the hash. */
export function cheapHash(text: string): string {
  const [log2, blocks, parallel] = [4, 8, 3];
  const salt = Buffer.alloc(16, 7);
  const hash = scryptSync(text, salt, 32, { N: 2 ** log2, r: blocks, p: parallel });
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${log2},r=${blocks},p=${parallel}$${unpadded(salt)}$${unpadded(hash)}`;
}
