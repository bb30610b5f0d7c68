import type { ObjectEncryption } from '../../iam/object-encryption.ts';
import type { ObjectStore } from '../messaging/message-stores.ts';

/** The store does not support encryption, so metadata contains it. Answers omit it. */
const name = 'local-encryption';
export const encryptionMetadata = `x-amz-meta-${name}`;

export function encryptionText(encryption: ObjectEncryption): string {
  return Buffer.from(JSON.stringify(encryption)).toString('base64');
}

/** Undefined if there is none. */
export function storedEncryption(store: ObjectStore): (bucket: string, key: string) => ObjectEncryption | undefined {
  return (bucket, key) => {
    let text: string | undefined;
    try {
      text = store.headObject(bucket, key).metadata[name];
    } catch {
      return undefined;
    }
    if (text === undefined) return undefined;
    return JSON.parse(Buffer.from(text, 'base64').toString()) as ObjectEncryption;
  };
}

/** S3 never answers the context. */
export function encryptionHeaders({ algorithm, key }: ObjectEncryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(key === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': key }),
  };
}
