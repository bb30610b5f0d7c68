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
  it('accepts its own password and no other', async () => {
    const stored = await hashPassword('Correct-Horse-1');
    expect(await verifyPassword('Correct-Horse-1', stored)).toEqual({ matches: true, outdated: false });
    expect(await verifyPassword('Correct-Horse-2', stored)).toEqual({ matches: false, outdated: false });
  });

  it('contains its parameters and a new salt', async () => {
    const [first, second] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(first).not.toBe(second);
  });

  it('is outdated when its parameters differ and the password is correct', async () => {
    const stored = hashedWith('old password', 14);
    expect(await verifyPassword('old password', stored)).toEqual({ matches: true, outdated: true });
    expect(await verifyPassword('wrong password', stored)).toEqual({ matches: false, outdated: false });
  });

  it('accepts the password in another Unicode normalization form', async () => {
    const stored = await hashPassword('Zoë-Straße-1');
    expect((await verifyPassword('Zoe\u0308-Straße-1', stored)).matches).toBe(true);
  });

  it('rejects every password when there is no account', async () => {
    expect(await verifyPassword('anything', undefined)).toEqual({ matches: false, outdated: false });
  });

  it('rejects a stored value of unknown form', async () => {
    await expect(verifyPassword('x', 'plain text')).rejects.toThrow('unknown form');
  });
});
