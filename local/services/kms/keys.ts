import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from '../../contract.ts';
import { ServiceError } from '../responses.ts';
import { textOf } from '../../text-of.ts';

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly spec: string;
  readonly usage: string;
  readonly description: string;
  readonly createdAt: number;
  /** Base64; PKCS #8 for a private key. */
  readonly material: string;
  state: KeyState;
  deletionAt?: number;
}

/** Stored in `<dataDirectory>/kms-keys.json`. */
export interface KeyStore {
  /** By id, ARN, alias name or alias ARN. */
  find(keyId: string): Key | undefined;
  create(options: { readonly spec: string; readonly usage: string; readonly description: string }): Key;
  changeState(key: Key, state: KeyState, deletionAt?: number): void;
  aliases(): readonly { readonly name: string; readonly keyId: string }[];
}

/** Creates the template's missing keys. */
export function openKeyStore(assembly: Assembly, dataDirectory: string): KeyStore {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const path = join(dataDirectory, 'kms-keys.json');
  const stored = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Key[]) : [];
  const keys = new Map(stored.map((key) => [key.id, key]));
  const save = (): void => {
    // These keys are irreplaceable. After a crash, the old or the new file is complete.
    writeFileSync(`${path}.new`, JSON.stringify([...keys.values()]), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  const arnOf = (id: string): string => `arn:aws:kms:${assembly.region}:${assembly.accountId}:key/${id}`;
  const add = (id: string, arn: string, spec: string, usage: string, description: string): Key => {
    const createdAt = Date.now() / 1000;
    const key: Key = { id, arn, spec, usage, description, createdAt, material: newMaterial(spec), state: 'Enabled' };
    keys.set(id, key);
    return key;
  };

  const before = keys.size;
  for (const { physicalId, arn, properties } of assembly.ofType('AWS::KMS::Key')) {
    if (keys.has(physicalId)) continue;
    const spec = textOf(properties['KeySpec'], 'SYMMETRIC_DEFAULT');
    const usage = textOf(properties['KeyUsage'], 'ENCRYPT_DECRYPT');
    add(physicalId, arn ?? arnOf(physicalId), spec, usage, textOf(properties['Description']));
  }
  if (keys.size !== before) save();

  const aliases = new Map(
    assembly.ofType('AWS::KMS::Alias').map((alias) => {
      const target = String(alias.properties['TargetKeyId']);
      return [alias.physicalId, target.split(':key/').at(-1) ?? target];
    }),
  );
  return {
    find: (keyId) => {
      const name = keyId.startsWith('arn:') ? keyId.split(':').slice(5).join(':') : keyId;
      const id = name.startsWith('alias/') ? aliases.get(name) : name.replace(/^key\//, '');
      return id === undefined ? undefined : keys.get(id);
    },
    create: ({ spec, usage, description }) => {
      const id = randomUUID();
      const key = add(id, arnOf(id), spec, usage, description);
      save();
      return key;
    },
    changeState: (key, state, deletionAt) => {
      key.state = state;
      if (deletionAt === undefined) delete key.deletionAt;
      else key.deletionAt = deletionAt;
      save();
    },
    aliases: () => [...aliases].map(([name, keyId]) => ({ name, keyId })),
  };
}

function newMaterial(spec: string): string {
  if (spec === 'SYMMETRIC_DEFAULT') return randomBytes(32).toString('base64');
  if (spec === 'ECC_NIST_P256') {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  }
  throw new ServiceError('ValidationException', `The local run does not support keys of spec ${spec}.`);
}
