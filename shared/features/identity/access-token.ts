import * as z from 'zod/mini';
import { id } from '../../contract/schemas/ids.ts';
import { role, type Role } from '../../contract/schemas/user.ts';

/** RFC 9068. */
export const accessTokenType = 'at+jwt';
export const accessTokenAlgorithm = 'ES256';
export const accessTokenAudience = 'switchboard';
/** Seconds. */
export const accessTokenLife = 15 * 60;

/** Rejects every other header member, such as `crit`, `jwk`, `jku` or `x5u`. */
export const accessTokenHeader = z.strictObject({
  alg: z.literal(accessTokenAlgorithm),
  typ: z.literal(accessTokenType),
  kid: z.string().check(z.minLength(1), z.maxLength(200)),
});

const seconds = z.int().check(z.minimum(0));

export const accessTokenClaims = z.strictObject({
  iss: z.string(),
  aud: z.literal(accessTokenAudience),
  sub: id,
  tid: id,
  role,
  sid: id,
  jti: id,
  iat: seconds,
  exp: seconds,
  ver: seconds,
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaims>;

export interface AccessTokenSubject {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly sessionVersion: number;
}

export interface SigningKey {
  readonly keyId: string;
  /** ECDSA on P-256 with SHA-256. Returns r and s with 32 bytes each. */
  sign(message: Buffer): Promise<Buffer>;
}

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Valid for 15 minutes.
 * @param at milliseconds since the epoch.
 * @param tokenId a new ULID.
 */
export async function signAccessToken(
  key: SigningKey,
  issuer: string,
  subject: AccessTokenSubject,
  at: number,
  tokenId: string,
): Promise<IssuedToken> {
  const issuedAt = Math.floor(at / 1000);
  const header: z.infer<typeof accessTokenHeader> = { alg: accessTokenAlgorithm, typ: accessTokenType, kid: key.keyId };
  const claims: AccessTokenClaims = {
    iss: issuer,
    aud: accessTokenAudience,
    sub: subject.userId,
    tid: subject.tenantId,
    role: subject.role,
    sid: subject.sessionId,
    jti: tokenId,
    iat: issuedAt,
    exp: issuedAt + accessTokenLife,
    ver: subject.sessionVersion,
  };
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  const signature = await key.sign(Buffer.from(input));
  return { token: `${input}.${signature.toString('base64url')}`, expiresAt: claims.exp * 1000 };
}

/** The verifier accepts only this spelling of the JSON. */
export function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
