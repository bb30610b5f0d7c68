import { JwtVerifier } from 'aws-jwt-verify';
import {
  accessTokenAudience,
  type AccessTokenClaims,
  accessTokenClaims,
  accessTokenHeader,
  accessTokenLife,
  encodePart,
} from './access-token.ts';

/** A public key of the issuer (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

export interface TokenVerifier {
  /**
   * Returns the claims, or undefined if the token is not valid now. Never throws, because invalid input is not a fault
   * of the service.
   */
  verify(token: string, at: number): AccessTokenClaims | undefined;
}

const maximalTokenBytes = 4096;
/** The allowed difference between two clocks, in seconds. */
const clockTolerance = 30;

/**
 * Creates a verifier for access tokens that uses only the given keys and no network.
 *
 * The library checks signature, algorithm, issuer, audience and expiry. But it also accepts tokens without `exp`, of
 * any `typ`, with an unknown `crit`, issued in the future, or for several audiences. It throws plain errors for some
 * invalid signatures. So this function checks the exact form of header and claims, and treats any error as "not valid".
 */
export function createTokenVerifier(issuer: string, keys: readonly PublicJwk[]): TokenVerifier {
  const verifier = JwtVerifier.create({
    issuer,
    audience: accessTokenAudience,
    // Never fetched: synchronous verification only uses the given keys.
    jwksUri: 'https://keys.invalid/',
  });
  verifier.cacheJwks({ keys: keys.map((key) => ({ ...key })) });

  return {
    verify(token, at) {
      try {
        if (token.length > maximalTokenBytes) return undefined;
        const [header, payload, signature] = token.split('.');
        if (signature === undefined || Buffer.from(signature, 'base64url').toString('base64url') !== signature) {
          return undefined;
        }
        if (!accessTokenHeader.safeParse(exactPart(header)).success) return undefined;
        const claims = accessTokenClaims.safeParse(exactPart(payload));
        if (!claims.success || !isTimely(claims.data, at)) return undefined;
        verifier.verifySync(token);
        return claims.data;
      } catch {
        return undefined;
      }
    },
  };
}

function isTimely(claims: AccessTokenClaims, at: number): boolean {
  const seconds = at / 1000;
  return (
    claims.exp > seconds &&
    claims.iat <= seconds + clockTolerance &&
    claims.exp > claims.iat &&
    claims.exp - claims.iat <= accessTokenLife
  );
}

/**
 * Decodes a part only if it is spelled exactly as {@link encodePart} does. Parsers interpret other spellings (repeated
 * members, padding, stray bits) differently, and attacks exploit this.
 */
function exactPart(part: string | undefined): unknown {
  if (part === undefined) return undefined;
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  return typeof value === 'object' && value !== null && encodePart(value) === part ? value : undefined;
}
