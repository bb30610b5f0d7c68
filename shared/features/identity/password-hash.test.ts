import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.ts';

function hashedWith(password: string, costLog2: number): string {
  const salt = Buffer.alloc(16, 7);
  const hash = scryptSync(password, salt, 32, { N: 2 ** costLog2, r: 8, p: 1 });
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${costLog2},r=8,p=1$${unpadded(salt)}$${unpadded(hash)}`;
}

describe('password hash', () => {
  it('verifies the password it was made from and no other', async () => {
    const stored = await hashPassword('Correct-Horse-1');
    expect(await verifyPassword('Correct-Horse-1', stored)).toEqual({ matches: true, outdated: false });
    expect(await verifyPassword('Correct-Horse-2', stored)).toEqual({ matches: false, outdated: false });
  });

  it('describes itself and never repeats a salt', async () => {
    const [one, other] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(one).not.toBe(other);
  });

  it('asks for a new hash when the stored one has other parameters, but only if the password is right', async () => {
    const stored = hashedWith('old password', 14);
    expect(await verifyPassword('old password', stored)).toEqual({ matches: true, outdated: true });
    expect(await verifyPassword('wrong password', stored)).toEqual({ matches: false, outdated: false });
  });

  it('treats differently composed characters as the same password', async () => {
    const stored = await hashPassword('Zoë-Straße-1');
    expect((await verifyPassword('Zoe\u0308-Straße-1', stored)).matches).toBe(true);
  });

  it('says no for an account that does not exist', async () => {
    expect(await verifyPassword('anything', undefined)).toEqual({ matches: false, outdated: false });
  });

  it('refuses a stored value that is no hash of ours', async () => {
    await expect(verifyPassword('x', 'plain text')).rejects.toThrow('unknown form');
  });
});
