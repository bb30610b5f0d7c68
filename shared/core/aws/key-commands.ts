import { JsonOperation } from './aws-operation.ts';

interface OfKey {
  readonly KeyId: string;
  readonly EncryptionContext: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
export class DecryptCommand extends JsonOperation<{ readonly Plaintext: Uint8Array | undefined }> {
  constructor({ CiphertextBlob, ...input }: OfKey & { readonly CiphertextBlob: Uint8Array }) {
    const ciphertext = Buffer.from(CiphertextBlob).toString('base64');
    super('kms', 'Decrypt', { ...input, CiphertextBlob: ciphertext }, ({ Plaintext }) => ({
      Plaintext: bytesOf(Plaintext),
    }));
  }
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export class GenerateDataKeyWithoutPlaintextCommand extends JsonOperation<{
  readonly CiphertextBlob: Uint8Array | undefined;
}> {
  constructor(input: OfKey & { readonly KeySpec: 'AES_256' }) {
    super('kms', 'GenerateDataKeyWithoutPlaintext', input, ({ CiphertextBlob }) => ({
      CiphertextBlob: bytesOf(CiphertextBlob),
    }));
  }
}

function bytesOf(text: unknown): Uint8Array | undefined {
  return typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}
