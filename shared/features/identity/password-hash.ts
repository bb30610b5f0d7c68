import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

interface Parameters {
  /** Binary logarithm of N. */
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/**
 * OWASP's Password Storage Cheat Sheet rates N=2^15 r=8 p=3 as equal to N=2^17 r=8 p=1. It needs 32 MiB instead of 128
 * MiB.
 */
const current: Parameters = { costLog2: 15, blockSize: 8, parallelization: 3 };
const saltBytes = 16;
const hashBytes = 32;
/**
 * scrypt needs 128 · N · r bytes (RFC 7914, section 2). Node's default limit is exactly this value, and Node rejects
 * calls at the limit.
 */
const memoryCeiling = 128 * 2 ** current.costLog2 * current.blockSize * 2;

const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

export interface PasswordVerdict {
  readonly matches: boolean;
  /** Store a new hash now, while the password is known. */
  readonly outdated: boolean;
}

/** Returns `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return encode(current, salt, await derive(password, salt, current));
}

/**
 * Compares in constant time. Does the same work without a stored hash, so that the time does not reveal whether the
 * account exists.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<PasswordVerdict> {
  const parsed = stored === undefined ? undefined : parse(stored);
  const { parameters, salt, hash } = parsed ?? absentAccount;
  const matches = timingSafeEqual(await derive(password, salt, parameters), hash) && parsed !== undefined;
  return { matches, outdated: matches && !sameParameters(parameters, current) };
}

const absentAccount = { parameters: current, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };

function parse(stored: string) {
  const [, costLog2, blockSize, parallelization, salt, hash] = pattern.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('A stored password hash has an unknown form');
  return {
    parameters: {
      costLog2: Number(costLog2),
      blockSize: Number(blockSize),
      parallelization: Number(parallelization),
    },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function encode(parameters: Parameters, salt: Buffer, hash: Buffer): string {
  const { costLog2, blockSize, parallelization } = parameters;
  return `$scrypt$ln=${costLog2},r=${blockSize},p=${parallelization}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function sameParameters(first: Parameters, second: Parameters): boolean {
  return (
    first.costLog2 === second.costLog2 &&
    first.blockSize === second.blockSize &&
    first.parallelization === second.parallelization
  );
}

/** Normalises to NFKC, so that a password typed on another keyboard is the same (NIST SP 800-63B, 3.1.1.2). */
function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** parameters.costLog2,
    r: parameters.blockSize,
    p: parameters.parallelization,
    maxmem: memoryCeiling,
  };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(new Error('scrypt failed', { cause: error }));
    });
  });
}
