import { JwtVerifier } from 'aws-jwt-verify';
import {
  accessTokenAudience,
  type AccessTokenClaims,
  accessTokenClaims,
  accessTokenHeader,
  accessTokenLife,
  encodePart,
} from './access-token.ts';

/** RFC 7517. */
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
  /** Undefined if the token is not valid now. Never throws. */
  verify(token: string, at: number): AccessTokenClaims | undefined;
}

const maximalTokenBytes = 4096;
/** Seconds between two clocks. */
const clockTolerance = 30;

/**
 * Uses only the given keys and no network.
 *
 * The library accepts tokens without `exp`, of any `typ`, with an unknown `crit`, issued in the future, or for several
 * audiences, and throws plain errors for some invalid signatures. So this function checks the exact form, and treats
 * any error as "not valid".
 */
export function createTokenVerifier(issuer: string, keys: readonly PublicJwk[]): TokenVerifier {
  const verifier = JwtVerifier.create({
    issuer,
    audience: accessTokenAudience,
    // Never fetched.
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
 * Accepts only the spelling of {@link encodePart}. Attacks exploit that parsers interpret other spellings differently.
 */
function exactPart(part: string | undefined): unknown {
  if (part === undefined) return undefined;
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  return typeof value === 'object' && value !== null && encodePart(value) === part ? value : undefined;
}
