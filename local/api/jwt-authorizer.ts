import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Resource } from '../contract.ts';
import { identityValues } from './authorization.ts';
import type { Authorization, Authorizer } from './authorization.ts';
import type { ApiResponse } from './exchange.ts';

/**
 * A JWT authorizer of an HTTP API: issuer, audience, time and scopes are checked, the keys come from the issuer's
 * discovery document (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
 *
 * `rewrite` turns an issuer's address into the one under which it is reached here.
 */
export function jwtAuthorizer(resource: Resource, rewrite: (value: string) => string): Authorizer {
  const { IdentitySource, JwtConfiguration } = resource.properties as {
    IdentitySource?: string[];
    JwtConfiguration?: { Issuer?: string; Audience?: string[] };
  };
  const issuer = JwtConfiguration?.Issuer;
  if (issuer === undefined) throw new Error(`${resource.logicalId}: JwtConfiguration names no issuer.`);
  const sources = IdentitySource ?? ['$request.header.Authorization'];
  const audiences = JwtConfiguration?.Audience ?? [];
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  return async (payload, _routeArn, scopes) => {
    const [value] = identityValues(sources, payload) ?? [];
    if (value === undefined) return refused(401, 'Unauthorized', 'Bearer');
    let claims: JWTPayload;
    try {
      keys ??= await discoverKeys(rewrite(issuer));
      ({ payload: claims } = await jwtVerify(value.replace(/^bearer /i, ''), keys, {
        issuer: [issuer, rewrite(issuer)],
        algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
        requiredClaims: ['exp'],
      }));
    } catch {
      return refused(401, 'Unauthorized', 'Bearer error="invalid_token"');
    }
    if (!audiences.some((audience) => audienceOf(claims).includes(audience))) {
      return refused(401, 'Unauthorized', 'Bearer error="invalid_token"');
    }
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
      return refused(403, 'Forbidden', 'Bearer error="insufficient_scope"');
    }
    return {
      kind: 'allowed',
      context: { jwt: { claims: stringClaims(claims), scopes: scopes.length > 0 ? scopes : null } },
    };
  };
}

async function discoverKeys(issuer: string): Promise<ReturnType<typeof createRemoteJWKSet>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`The issuer's discovery document answers ${response.status}.`);
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri?: string };
  if (uri === undefined) throw new Error("The issuer's discovery document names no keys.");
  return createRemoteJWKSet(new URL(uri));
}

function audienceOf(claims: JWTPayload): string[] {
  const audience: unknown = claims.aud ?? claims['client_id'];
  return Array.isArray(audience) ? audience.map(String) : [String(audience)];
}

function scopesOf(claims: JWTPayload): string[] {
  const scope = claims['scope'] ?? claims['scp'];
  return Array.isArray(scope) ? scope.map(String) : typeof scope === 'string' ? scope.split(' ') : [];
}

/** Functions get every claim as text. */
function stringClaims(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );
}

function refused(status: number, message: string, challenge: string): Authorization {
  const response: ApiResponse = {
    status,
    headers: [
      ['content-type', 'application/json'],
      ['www-authenticate', challenge],
    ],
    body: JSON.stringify({ message }),
  };
  return { kind: 'refused', response };
}
