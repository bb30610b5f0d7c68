import type { KeyValueStorage } from './outbox-storage.ts';

/** The key or secret by which the server recognises a guest. Store it only on this device. */
export type GuestCredential =
  | {
      readonly kind: 'key';
      readonly publicKey: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
      readonly privateKey: CryptoKey;
    }
  | { readonly kind: 'secret'; readonly secret: string };

/** Keeps the credential of one guest on this device. */
export interface GuestKeyStore {
  /** Whether the store can keep a key that scripts cannot read. A store of texts needs readable keys or secrets. */
  readonly keys: 'unreadable' | 'readable' | 'none';
  load(): Promise<GuestCredential | undefined>;
  /** Keeps the credential unless there is one. Returns the one that is kept, so that two tabs become one guest. */
  keep(credential: GuestCredential): Promise<GuestCredential>;
  replace(credential: GuestCredential): Promise<void>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const secretBytes = 32;

/** Makes a P-256 key, or a secret of 256 bits where WebCrypto is missing, such as on pages over plain HTTP. */
export async function newGuestCredential(keys: GuestKeyStore['keys']): Promise<GuestCredential> {
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (subtle === undefined || keys === 'none') {
    return { kind: 'secret', secret: base64url(globalThis.crypto.getRandomValues(new Uint8Array(secretBytes))) };
  }
  const pair = await subtle.generateKey(algorithm, keys === 'readable', ['sign', 'verify']);
  return keyCredential(pair.privateKey, await subtle.exportKey('jwk', pair.publicKey));
}

export function keyCredential(privateKey: CryptoKey, { x = '', y = '' }: JsonWebKey): GuestCredential {
  return { kind: 'key', publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey };
}

export interface ProofClaims {
  /** The public address of the service. */
  readonly audience: string;
  readonly tenant: string;
  /** The server's time, in milliseconds since the epoch. */
  readonly at: number;
}

/** The member of the request that proves the device: a newly signed proof, or the secret. */
export async function proofOf(
  credential: GuestCredential,
  { audience, tenant, at }: ProofClaims,
): Promise<{ readonly proof: string } | { readonly deviceSecret: string }> {
  if (credential.kind === 'secret') return { deviceSecret: credential.secret };
  const header = { alg: 'ES256', typ: 'switchboard-guest+jwt', jwk: credential.publicKey };
  const jti = base64url(globalThis.crypto.getRandomValues(new Uint8Array(16)));
  const claims = { aud: audience, tenant, iat: Math.floor(at / 1000), jti };
  const input = [header, claims].map((part) => base64url(new TextEncoder().encode(JSON.stringify(part)))).join('.');
  const signature = await globalThis.crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    credential.privateKey,
    new TextEncoder().encode(input),
  );
  return { proof: `${input}.${base64url(new Uint8Array(signature))}` };
}

export function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Keeps the credential in memory: for tests, and for guests that end with the program. */
export function memoryGuestKeys(): GuestKeyStore {
  let kept: GuestCredential | undefined;
  return {
    keys: 'unreadable',
    load: async () => kept,
    keep: async (credential) => (kept ??= credential),
    replace: async (credential) => {
      kept = credential;
    },
  };
}

/**
 * Keeps a secret in a storage of texts by key, such as React Native's AsyncStorage.
 *
 * @param name the key of the storage. Each tenant needs a separate one.
 */
export function keyValueGuestKeys(storage: Pick<KeyValueStorage, 'getItem' | 'setItem'>, name: string): GuestKeyStore {
  const load = async (): Promise<GuestCredential | undefined> => {
    const secret = await storage.getItem(name);
    return secret === null ? undefined : { kind: 'secret', secret };
  };
  const replace = async (credential: GuestCredential): Promise<void> => {
    if (credential.kind === 'secret') await storage.setItem(name, credential.secret);
  };
  return {
    keys: 'none',
    load,
    keep: async (credential) => {
      const before = await load();
      if (before === undefined) await replace(credential);
      return before ?? credential;
    },
    replace,
  };
}
