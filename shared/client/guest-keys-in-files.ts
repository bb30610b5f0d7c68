import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type GuestCredential, type GuestKeyStore, keyCredential } from './guest-keys.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Keeps the credential in a file that only its owner can read, for Node. Each tenant needs a separate file. */
export function fileGuestKeys(path: string): GuestKeyStore {
  const load = async (): Promise<GuestCredential | undefined> => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : credentialOf(text);
  };
  return {
    keys: 'readable',
    load,
    keep: async (credential) => {
      const complete = await write(path, credential);
      try {
        // Fails if another program has kept one. https://man7.org/linux/man-pages/man2/link.2.html
        await link(complete, path);
        return credential;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return (await load()) ?? credential;
      } finally {
        await rm(complete, { force: true });
      }
    },
    replace: async (credential) => rename(await write(path, credential), path),
  };
}

/** Writes the credential to a new file beside `path`, and returns its name. */
async function write(path: string, credential: GuestCredential): Promise<string> {
  const stored =
    credential.kind === 'secret'
      ? { secret: credential.secret }
      : { key: await globalThis.crypto.subtle.exportKey('jwk', credential.privateKey) };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const complete = `${path}.${randomUUID()}`;
  const file = await open(complete, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(stored));
    await file.sync();
  } finally {
    await file.close();
  }
  return complete;
}

async function credentialOf(text: string): Promise<GuestCredential> {
  const { secret, key } = JSON.parse(text) as { readonly secret?: string; readonly key?: JsonWebKey };
  if (secret !== undefined) return { kind: 'secret', secret };
  if (key === undefined) throw new Error('The file of the guest’s key has neither a key nor a secret');
  return keyCredential(await globalThis.crypto.subtle.importKey('jwk', key, algorithm, true, ['sign']), key);
}
