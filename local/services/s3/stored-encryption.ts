import type { ObjectEncryption } from '../../iam/object-encryption.ts';
import type { ObjectStore } from '../messaging/message-stores.ts';

/** The store knows nothing of encryption: it is kept with the object's metadata, and taken out of answers. */
const name = 'local-encryption';
export const encryptionMetadata = `x-amz-meta-${name}`;

export function encryptionText(encryption: ObjectEncryption): string {
  return Buffer.from(JSON.stringify(encryption)).toString('base64');
}

/** How an object was encrypted when it was written; nothing for one that is not there. */
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

/** As S3's answers tell it. The context is told by nobody. */
export function encryptionHeaders({ algorithm, key }: ObjectEncryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(key === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': key }),
  };
}
