import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod/mini';

/** JWS type. No verifier of access tokens or checkpoints accepts it. */
export const transcriptType = 'switchboard-transcript';

/** A message as the reader saw it, with its place in the hash chain. */
const signedEntry = z.object({
  seq: z.int(),
  /** Of the entry, base64url. The chain’s key stays with the service. */
  hash: z.string(),
  /** Absent for entries that the reader may not see, and for changes of messages. */
  message: z.optional(z.record(z.string(), z.unknown())),
});

const signedFile = z.object({
  v: z.literal(1),
  tenantId: z.string(),
  conversationId: z.string(),
  readerId: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** Whether the conversation had no later entry. */
  isEnd: z.boolean(),
  entries: z.array(signedEntry),
});
export type SignedContent = z.infer<typeof signedFile>;

const proof = z.object({
  /** Compact JWS (RFC 7515, ES256) over {@link claimsOf} the content. */
  jws: z.string(),
  /** SPKI in PEM. */
  publicKey: z.string(),
});

export const transcriptFile = z.object({ transcript: signedFile, proof });

/** The signature covers these claims. They contain the digest of the content, because KMS signs short texts only. */
export function claimsOf(content: SignedContent) {
  const { tenantId, conversationId, readerId, at, isEnd, entries } = content;
  const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
  return { v: 1, tenantId, conversationId, readerId, at, isEnd, entries: entries.length, sha256 };
}

export type TranscriptVerdict =
  | {
      readonly valid: true;
      readonly content: SignedContent;
      /** SHA-256 of the public key (SPKI, DER), in hexadecimal. */
      readonly fingerprint: string;
    }
  | { readonly valid: false; readonly fault: 'form' | 'key' | 'signature' | 'content' | 'gap' };

/** Verifies a signed transcript without the service. Compare the fingerprint with that of the service’s key. */
export function verifyTranscript(text: string): TranscriptVerdict {
  const file = transcriptFile.safeParse(parsed(text)).data;
  if (file === undefined) return { valid: false, fault: 'form' };
  const key = publicKeyOf(file.proof.publicKey);
  if (key === undefined) return { valid: false, fault: 'key' };
  const claims = claimsIn(file.proof.jws, key);
  if (claims === undefined) return { valid: false, fault: 'signature' };
  const { transcript: content } = file;
  if (JSON.stringify(claimsOf(content)) !== claims) return { valid: false, fault: 'content' };
  if (content.entries.some(({ seq }, index) => seq !== (content.entries[0]?.seq ?? 0) + index)) {
    return { valid: false, fault: 'gap' };
  }
  return { valid: true, content, fingerprint: fingerprintOf(key) };
}

export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

function claimsIn(jws: string, key: KeyObject): string | undefined {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  const input = Buffer.from(`${header}.${payload}`);
  if (rest.length > 0 || !verify('sha256', input, options, Buffer.from(signature, 'base64url'))) return undefined;
  const { alg, typ } = z.object({ alg: z.string(), typ: z.string() }).safeParse(parsed(decoded(header))).data ?? {};
  return alg === 'ES256' && typ === transcriptType ? decoded(payload) : undefined;
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
