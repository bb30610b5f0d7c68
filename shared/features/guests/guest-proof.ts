import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod/mini';

/** RFC 8725, section 3.11: this `typ` distinguishes proofs of guests from tokens of other kinds. */
export const guestProofType = 'switchboard-guest+jwt';
/** The allowed difference between the clocks of client and server, in seconds. */
export const proofToleranceSeconds = 120;

const coordinate = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
/** A private key (`d`), an algorithm or a link to another key is rejected, like every other member. */
const header = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal(guestProofType),
  jwk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
});
const claims = z.strictObject({
  aud: z.string(),
  tenant: z.string(),
  iat: z.int().check(z.minimum(0)),
  jti: z.string().check(z.regex(/^[A-Za-z0-9_-]{22,64}$/)),
});

/** The first fault of a proof. The signature is verified before the claims are compared. */
export type ProofFault = 'form' | 'header' | 'key' | 'signature' | 'claims' | 'audience' | 'tenant' | 'time';

export type ProofVerdict =
  | {
      readonly valid: true;
      /** The key's thumbprint (RFC 7638). */
      readonly thumbprint: string;
      readonly jti: string;
      /** Seconds since the epoch. */
      readonly issuedAt: number;
    }
  | { readonly valid: false; readonly fault: ProofFault };

export interface ProofExpectation {
  /** The public address of the service. */
  readonly audience: string;
  /** The slug in the request. */
  readonly tenant: string;
  /** The server's time, in milliseconds since the epoch. */
  readonly at: number;
}

/** Checks a proof that a device holds the private key in its header. Never throws. Whether `jti` was used is not checked. */
export function checkGuestProof(proof: string, expected: ProofExpectation): ProofVerdict {
  const fail = (fault: ProofFault): ProofVerdict => ({ valid: false, fault });
  const [headerPart, claimsPart, signaturePart, ...more] = proof.split('.');
  if (headerPart === undefined || claimsPart === undefined || signaturePart === undefined || more.length > 0) {
    return fail('form');
  }
  const [headerJson, claimsJson, signature] = [exactJson(headerPart), exactJson(claimsPart), bytesOf(signaturePart)];
  if (headerJson === undefined || claimsJson === undefined || signature === undefined) return fail('form');
  const head = header.safeParse(headerJson);
  if (!head.success) return fail('header');
  const { jwk } = head.data;
  const key = publicKeyOf(jwk);
  if (key === undefined) return fail('key');
  const signed = Buffer.from(`${headerPart}.${claimsPart}`);
  // A JWS contains r and s with 32 bytes each (RFC 7518, section 3.4).
  if (signature.length !== 64 || !verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    return fail('signature');
  }
  const stated = claims.safeParse(claimsJson);
  if (!stated.success) return fail('claims');
  const { aud, tenant, iat, jti } = stated.data;
  if (aud !== expected.audience) return fail('audience');
  if (tenant !== expected.tenant) return fail('tenant');
  if (Math.abs(expected.at / 1000 - iat) > proofToleranceSeconds) return fail('time');
  return { valid: true, thumbprint: thumbprintOf(jwk), jti, issuedAt: iat };
}

/** RFC 7638, section 3: SHA-256 of the required members in alphabetical order. */
function thumbprintOf({ crv, kty, x, y }: z.infer<typeof header>['jwk']): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/** @returns undefined if the point is not on the curve, or not spelled in the only valid way. */
function publicKeyOf(jwk: z.infer<typeof header>['jwk']) {
  if (bytesOf(jwk.x) === undefined || bytesOf(jwk.y) === undefined) return undefined;
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** Decodes base64url without padding and without stray bits. */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

/** Decodes JSON that is spelled as `JSON.stringify` does, because parsers read repeated members differently. */
function exactJson(part: string): unknown {
  const bytes = bytesOf(part);
  if (bytes === undefined) return undefined;
  const text = bytes.toString();
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
