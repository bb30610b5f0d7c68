import { randomBytes } from 'node:crypto';
import type { Assembly, Service } from '../../contract.ts';
import { jsonResponse, ServiceError } from '../responses.ts';
import { decrypt, encrypt, invalidCiphertext, keyIdOf } from './ciphertext.ts';
import type { EncryptionContext } from './ciphertext.ts';
import { openKeyStore } from './keys.ts';
import type { Key, KeyStore } from './keys.ts';
import { publicKeyOf, signingAlgorithms, signMessage, verifyMessage } from './signatures.ts';

type Input = Readonly<Record<string, unknown>>;
type Operation = (input: Input, keys: KeyStore) => Record<string, unknown>;

export interface Kms {
  readonly service: Service;
  /** Of `KeyId` or the ciphertext. */
  keyArn(input: Input): string | undefined;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html */
export function startKms(assembly: Assembly, dataDirectory: string): Kms {
  const keys = openKeyStore(assembly, dataDirectory);
  return {
    service: async (request) => {
      const operation = operations[request.operation];
      if (operation === undefined) {
        throw new ServiceError('UnknownOperationException', `The local run does not support kms:${request.operation}.`);
      }
      return jsonResponse(operation(request.input, keys));
    },
    keyArn: (input) => {
      const named = input['KeyId'];
      const id = typeof named === 'string' ? named : keyIdOf(bytes(input, 'CiphertextBlob'));
      return id === undefined ? undefined : keys.find(id)?.arn;
    },
  };
}

const longestPlaintext = 4096;

const operations: Readonly<Record<string, Operation>> = {
  GenerateDataKey: (input, keys) => {
    const key = usableKey(input, keys, 'ENCRYPT_DECRYPT');
    const plaintext = randomBytes(dataKeyLength(input));
    const blob = encrypt(key, plaintext, contextOf(input));
    return { KeyId: key.arn, Plaintext: base64(plaintext), CiphertextBlob: base64(blob) };
  },
  GenerateDataKeyWithoutPlaintext: (input, keys) => {
    const key = usableKey(input, keys, 'ENCRYPT_DECRYPT');
    return {
      KeyId: key.arn,
      CiphertextBlob: base64(encrypt(key, randomBytes(dataKeyLength(input)), contextOf(input))),
    };
  },
  Encrypt: (input, keys) => {
    const key = usableKey(input, keys, 'ENCRYPT_DECRYPT');
    const plaintext = bytes(input, 'Plaintext');
    if (plaintext.length === 0 || plaintext.length > longestPlaintext) {
      throw new ServiceError('ValidationException', `Plaintext must have 1 to ${longestPlaintext} bytes.`);
    }
    return {
      KeyId: key.arn,
      CiphertextBlob: base64(encrypt(key, plaintext, contextOf(input))),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
  Decrypt: (input, keys) => {
    const { key, plaintext } = opened(input, keys);
    return { KeyId: key.arn, Plaintext: base64(plaintext), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
  Sign: (input, keys) => {
    const key = usableKey(input, keys, 'SIGN_VERIFY');
    const algorithm = String(input['SigningAlgorithm']);
    const signature = signMessage(key, algorithm, bytes(input, 'Message'), input['MessageType'] === 'DIGEST');
    return { KeyId: key.arn, Signature: base64(signature), SigningAlgorithm: algorithm };
  },
  Verify: (input, keys) => {
    const key = usableKey(input, keys, 'SIGN_VERIFY');
    const algorithm = String(input['SigningAlgorithm']);
    const isDigest = input['MessageType'] === 'DIGEST';
    if (!verifyMessage(key, algorithm, bytes(input, 'Message'), isDigest, bytes(input, 'Signature'))) {
      throw new ServiceError('KMSInvalidSignatureException', '');
    }
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm };
  },
  GetPublicKey: (input, keys) => {
    const key = usableKey(input, keys, 'SIGN_VERIFY');
    return {
      KeyId: key.arn,
      PublicKey: base64(publicKeyOf(key)),
      KeySpec: key.spec,
      CustomerMasterKeySpec: key.spec,
      KeyUsage: key.usage,
      SigningAlgorithms: signingAlgorithms(key.spec),
    };
  },
  DescribeKey: (input, keys) => ({ KeyMetadata: describe(existingKey(input['KeyId'], keys)) }),
  CreateKey: (input, keys) => ({
    KeyMetadata: describe(
      keys.create({
        spec: text(input, 'KeySpec', 'SYMMETRIC_DEFAULT'),
        usage: text(input, 'KeyUsage', 'ENCRYPT_DECRYPT'),
        description: text(input, 'Description', ''),
      }),
    ),
  }),
  ListAliases: (_input, keys) => ({
    Aliases: keys.aliases().map(({ name, keyId }) => ({ AliasName: name, TargetKeyId: keyId })),
    Truncated: false,
  }),
  EnableKey: (input, keys) => {
    const key = existingKey(input['KeyId'], keys);
    if (key.state === 'PendingDeletion') throw invalidState(key);
    keys.changeState(key, 'Enabled');
    return {};
  },
  DisableKey: (input, keys) => {
    const key = existingKey(input['KeyId'], keys);
    if (key.state === 'PendingDeletion') throw invalidState(key);
    keys.changeState(key, 'Disabled');
    return {};
  },
  ScheduleKeyDeletion: (input, keys) => {
    const key = existingKey(input['KeyId'], keys);
    if (key.state === 'PendingDeletion') throw invalidState(key);
    const days = Number(input['PendingWindowInDays'] ?? 30);
    if (!(days >= 7 && days <= 30)) throw new ServiceError('ValidationException', 'PendingWindowInDays is 7 to 30.');
    keys.changeState(key, 'PendingDeletion', Date.now() / 1000 + days * 24 * 3600);
    return { KeyId: key.arn, DeletionDate: key.deletionAt, KeyState: key.state, PendingWindowInDays: days };
  },
  CancelKeyDeletion: (input, keys) => {
    const key = existingKey(input['KeyId'], keys);
    if (key.state !== 'PendingDeletion') throw invalidState(key);
    keys.changeState(key, 'Disabled');
    return { KeyId: key.arn };
  },
};

function existingKey(keyId: unknown, keys: KeyStore): Key {
  const key = typeof keyId === 'string' ? keys.find(keyId) : undefined;
  if (key === undefined) throw new ServiceError('NotFoundException', `Key '${String(keyId)}' does not exist`);
  return key;
}

function usableKey(input: Input, keys: KeyStore, usage: string): Key {
  const key = existingKey(input['KeyId'], keys);
  checkUsable(key, usage);
  return key;
}

function checkUsable(key: Key, usage: string): void {
  if (key.state === 'Disabled') throw new ServiceError('DisabledException', `${key.arn} is disabled.`);
  if (key.state === 'PendingDeletion') throw invalidState(key);
  if (key.usage !== usage) {
    throw new ServiceError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage} which is not valid here.`);
  }
}

function invalidState(key: Key): ServiceError {
  return new ServiceError('KMSInvalidStateException', `${key.arn} is in state ${key.state}.`);
}

function opened(input: Input, keys: KeyStore): { key: Key; plaintext: Buffer } {
  const blob = bytes(input, 'CiphertextBlob');
  const id = keyIdOf(blob);
  const key = id === undefined ? undefined : keys.find(id);
  if (key === undefined) throw invalidCiphertext();
  const expected = input['KeyId'];
  if (typeof expected === 'string' && existingKey(expected, keys) !== key) {
    throw new ServiceError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  checkUsable(key, 'ENCRYPT_DECRYPT');
  return { key, plaintext: decrypt(key, blob, contextOf(input)) };
}

function describe(key: Key): Record<string, unknown> {
  return {
    KeyId: key.id,
    Arn: key.arn,
    AWSAccountId: key.arn.split(':')[4],
    CreationDate: key.createdAt,
    Description: key.description,
    Enabled: key.state === 'Enabled',
    KeyState: key.state,
    KeyUsage: key.usage,
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...(key.deletionAt === undefined ? {} : { DeletionDate: key.deletionAt }),
    ...(key.usage === 'SIGN_VERIFY' ? { SigningAlgorithms: signingAlgorithms(key.spec) } : {}),
  };
}

function dataKeyLength(input: Input): number {
  if (input['KeySpec'] === 'AES_256') return 32;
  if (input['KeySpec'] === 'AES_128') return 16;
  const length = Number(input['NumberOfBytes']);
  if (length >= 1 && length <= 1024) return length;
  throw new ServiceError('ValidationException', 'Please specify either number of bytes or key spec.');
}

function contextOf(input: Input): EncryptionContext {
  return (input['EncryptionContext'] ?? {}) as EncryptionContext;
}

function text(input: Input, name: string, otherwise: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : otherwise;
}

function bytes(input: Input, name: string): Buffer {
  const value = input[name];
  return typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
}

function base64(value: Buffer): string {
  return value.toString('base64');
}
