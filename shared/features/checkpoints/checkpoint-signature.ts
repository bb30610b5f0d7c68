import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { joseSignature } from '../identity/ecdsa-signature.ts';
import { config } from '../../core/runtime/config.ts';
import { type Checkpoint, checkpointSchema } from './checkpoint-rules.ts';
import { callLimits } from '../../core/runtime/call-limits.ts';

const kms = new KMSClient({ maxAttempts: 3, requestHandler: callLimits });
/** No verifier of access tokens accepts this type. */
const type = 'switchboard-checkpoint';

export function signCheckpoint(checkpoint: Checkpoint): Promise<string> {
  return signRecord(type, checkpoint);
}

/**
 * A compact JWS (RFC 7515, ES256). The records key signs checkpoints and transcripts, which differ in their type. KMS
 * accepts at most 4096 bytes, so the code hashes the record itself.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function signRecord(typ: string, payload: object): Promise<string> {
  const header = { alg: 'ES256', kid: config.recordsKeyId, typ };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  const { Signature: signature } = await kms.send(
    new SignCommand({
      KeyId: config.recordsKeyId,
      Message: createHash('sha256').update(input).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
  );
  if (signature === undefined) throw new Error('KMS returned no signature');
  return `${input}.${joseSignature(signature).toString('base64url')}`;
}

export async function recordsPublicKey(): Promise<KeyObject> {
  const { PublicKey: spki } = await kms.send(new GetPublicKeyCommand({ KeyId: config.recordsKeyId }));
  if (spki === undefined) throw new Error('KMS returned no public key');
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

/** Undefined if the signature or the payload is not valid. */
export function openCheckpoint(jws: string, key: KeyObject): Checkpoint | undefined {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  if (rest.length > 0) return undefined;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return undefined;
  const { alg, typ } = parsed(header) as { alg?: unknown; typ?: unknown };
  if (alg !== 'ES256' || typ !== type) return undefined;
  return checkpointSchema.safeParse(parsed(payload)).data;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** The service signed this text, so it is JSON. */
function parsed(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
