import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { createPublicKey } from 'node:crypto';
import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { SigningKey } from './access-token.ts';
import { joseSignature } from './ecdsa-signature.ts';
import type { PublicJwk } from './token-verifier.ts';
import { callLimits } from '../../core/runtime/call-limits.ts';

const kms = new KMSClient({ maxAttempts: 3, requestHandler: callLimits });

/** A removed key remains trusted for this time. */
const freshMs = 10 * 60 * 1000;
/** The limit while KMS does not respond. */
const staleMs = 60 * 60 * 1000;

/** KMS itself hashes up to 4096 bytes (`RAW`). https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
export const signingKey: SigningKey = {
  get keyId() {
    return config.signingKeyIds[0];
  },
  async sign(message) {
    const { Signature: signature } = await kms.send(
      new SignCommand({
        KeyId: config.signingKeyIds[0],
        Message: message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    if (signature === undefined) throw new Error('KMS returned no signature');
    return joseSignature(signature);
  },
};

let cached: { readonly at: number; readonly keys: readonly PublicJwk[] } | undefined;

/**
 * At most 10 minutes old, or an hour while KMS does not respond. An incomplete list would reject valid tokens.
 * @throws if KMS rejects a request and no recent copy is cached.
 */
export async function publicKeys(): Promise<readonly PublicJwk[]> {
  if (cached !== undefined && now() - cached.at < freshMs) return cached.keys;
  try {
    const keys = await settleAll(config.signingKeyIds.map(loadPublicKey));
    cached = { at: now(), keys };
    return keys;
  } catch (error) {
    if (cached !== undefined && now() - cached.at < staleMs) return cached.keys;
    throw error;
  }
}

async function loadPublicKey(keyId: string): Promise<PublicJwk> {
  const { PublicKey: spki } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (spki === undefined) throw new Error('KMS returned no public key');
  const { x, y, crv } = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  if (crv !== 'P-256' || x === undefined || y === undefined) throw new Error('The signing key is not on P-256');
  return { kty: 'EC', crv, x, y, kid: keyId, use: 'sig', alg: 'ES256' };
}
