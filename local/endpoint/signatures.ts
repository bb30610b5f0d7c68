import { hash } from 'node:crypto';
import { signingTime } from '../iam/rest-access.ts';
import { ServiceError } from '../services/responses.ts';
import type { ServiceProtocol } from './protocols.ts';
import { readScope } from './signing-keys.ts';
import type { CredentialScope, SigningKeys } from './signing-keys.ts';

export interface SignedRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Signature {
  readonly location: 'header' | 'query';
  readonly scope: CredentialScope;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261121T083000Z` */
  readonly signedAt: string;
}

/** Clock skew; 15 minutes for S3. */
const skewMs = 5 * 60_000;
const skewOfS3Ms = 15 * 60_000;
const longestLifeSeconds = 7 * 24 * 3600;
const algorithm = 'AWS4-HMAC-SHA256';

/** @returns undefined for an unsigned request, `'incomplete'` for a partial signature. */
export function signatureOf(request: Pick<SignedRequest, 'headers' | 'query'>): Signature | 'incomplete' | undefined {
  const { headers, query } = request;
  const authorization = headers['authorization'];
  if (authorization !== undefined) return headerSignature(authorization, headers['x-amz-date']);
  const credential = query.get('X-Amz-Credential');
  if (credential === null) return query.has('X-Amz-Signature') ? 'incomplete' : undefined;
  const scope = readScope(credential);
  const [names, signature, signedAt] = ['X-Amz-SignedHeaders', 'X-Amz-Signature', 'X-Amz-Date'].map((name) =>
    query.get(name),
  );
  if (scope === undefined || !names || !signature || !signedAt || query.get('X-Amz-Algorithm') !== algorithm) {
    return 'incomplete';
  }
  return { location: 'query', scope, signedHeaders: names.split(';'), signature, signedAt };
}

function headerSignature(authorization: string, signedAt: string | undefined): Signature | 'incomplete' {
  if (!authorization.startsWith(`${algorithm} `) || signedAt === undefined) return 'incomplete';
  let credential = '';
  let names = '';
  let signature = '';
  for (const part of authorization.slice(algorithm.length + 1).split(',')) {
    const text = part.trim();
    if (text.startsWith('Credential=')) credential = text.slice('Credential='.length);
    else if (text.startsWith('SignedHeaders=')) names = text.slice('SignedHeaders='.length);
    else if (text.startsWith('Signature=')) signature = text.slice('Signature='.length);
  }
  const scope = readScope(credential);
  if (scope === undefined || names === '' || signature === '') return 'incomplete';
  return { location: 'header', scope, signedHeaders: names.split(';'), signature, signedAt };
}

/**
 * Also verifies time and region.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @throws ServiceError with the service's code.
 */
export function verifySignature(
  request: SignedRequest,
  found: Signature,
  { keys, region, protocol, now }: VerificationSettings,
): void {
  const { scope, signature, signedAt } = found;
  if (scope.region !== region) {
    throw mismatch(protocol, `Credential should be scoped to a valid region, not '${scope.region}'.`);
  }
  if (!signedAt.startsWith(scope.date)) {
    throw mismatch(protocol, `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.`);
  }
  checkTime(request, found, protocol, now);
  checkSignedHeaders(request, found, protocol);
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const canonical = canonicalRequest(request, found);
  const toSign = `${algorithm}\n${signedAt}\n${scopeText}\n${hash('sha256', canonical, 'hex')}`;
  if (!keys.verifies(scope, toSign, signature)) {
    throw mismatch(
      protocol,
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method.',
    );
  }
}

interface VerificationSettings {
  readonly keys: SigningKeys;
  readonly region: string;
  readonly protocol: ServiceProtocol;
  readonly now: number;
}

export function incompleteSignature(protocol: ServiceProtocol): ServiceError {
  switch (protocol.protocol) {
    case 'rest-xml':
      return new ServiceError('AuthorizationHeaderMalformed', 'The authorization header you provided is invalid.');
    case 'query':
      return new ServiceError('IncompleteSignature', 'The request signature does not conform to AWS standards.', 400);
    default:
      return new ServiceError(
        'IncompleteSignatureException',
        'The request signature does not conform to AWS standards.',
        protocol.protocol === 'rest-json' ? 403 : 400,
      );
  }
}

export function missingSignature(protocol: ServiceProtocol): ServiceError {
  const message = 'Request is missing Authentication Token';
  switch (protocol.protocol) {
    case 'rest-xml':
      return new ServiceError('AccessDenied', 'Access Denied', 403);
    case 'query':
      return new ServiceError('MissingAuthenticationToken', message, 403);
    default:
      return new ServiceError(
        'MissingAuthenticationTokenException',
        message,
        protocol.protocol === 'rest-json' ? 403 : 400,
      );
  }
}

function mismatch(protocol: ServiceProtocol, message: string): ServiceError {
  const isJson = protocol.protocol.startsWith('json') || protocol.protocol === 'rest-json';
  const code = isJson ? 'InvalidSignatureException' : 'SignatureDoesNotMatch';
  return new ServiceError(code, message, protocol.protocol.startsWith('json') ? 400 : 403);
}

function checkTime(request: SignedRequest, found: Signature, protocol: ServiceProtocol, now: number): void {
  const signedAt = signingTime(found.signedAt);
  const isS3 = protocol.protocol === 'rest-xml';
  if (found.location === 'query' && isS3) {
    const seconds = Number(request.query.get('X-Amz-Expires'));
    if (!(seconds >= 1 && seconds <= longestLifeSeconds)) {
      throw new ServiceError('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800 seconds');
    }
    if (now > signedAt + seconds * 1000) throw new ServiceError('AccessDenied', 'Request has expired', 403);
    if (signedAt > now + skewOfS3Ms) throw new ServiceError('AccessDenied', 'Request is not valid yet', 403);
    return;
  }
  const skew = Math.abs(now - signedAt);
  if (skew <= (isS3 ? skewOfS3Ms : skewMs)) return;
  if (isS3) {
    throw new ServiceError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    );
  }
  const relation = signedAt < now ? 'expired' : 'not yet current';
  throw mismatch(protocol, `Signature ${relation}: ${found.signedAt} is more than 5 minutes away.`);
}

/** AWS requires the host and all `x-amz-` headers. */
function checkSignedHeaders({ headers }: SignedRequest, found: Signature, protocol: ServiceProtocol): void {
  const { signedHeaders } = found;
  const isSigned = (name: string): boolean => signedHeaders.includes(name);
  if (!isSigned('host')) throw mismatch(protocol, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  for (const name in headers) {
    if (!name.startsWith('x-amz-') || isSigned(name)) continue;
    if (protocol.protocol === 'rest-xml') {
      throw new ServiceError(
        'AccessDenied',
        `There were headers present in the request which were not signed: ${name}`,
        403,
      );
    }
    throw mismatch(protocol, `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

function canonicalRequest(request: SignedRequest, found: Signature): string {
  const { method, rawPath, query, headers } = request;
  const isS3 = found.scope.service === 's3';
  let canonicalHeaders = '';
  for (const name of found.signedHeaders) canonicalHeaders += `${name}:${folded(headers[name] ?? '')}\n`;
  const path = isS3 ? rawPath : canonicalPath(rawPath);
  const names = found.signedHeaders.join(';');
  return `${method}\n${path}\n${canonicalQuery(query)}\n${canonicalHeaders}\n${names}\n${payloadHash(request, found)}`;
}

function folded(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replaceAll(/ {2,}/g, ' ') : trimmed;
}

/** All services but S3 sign the normalised path, encoded twice. */
function canonicalPath(rawPath: string): string {
  if (rawPath === '/') return rawPath;
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  return `/${segments.join('/')}${rawPath.endsWith('/') && segments.length > 0 ? '/' : ''}`;
}

function canonicalQuery(query: URLSearchParams): string {
  if (query.size === 0) return '';
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function payloadHash({ headers, query, body }: SignedRequest, { location, scope }: Signature): string {
  if (scope.service !== 's3') return hash('sha256', body, 'hex');
  const named = headers['x-amz-content-sha256'];
  if (location === 'query') return query.get('X-Amz-Content-Sha256') ?? named ?? 'UNSIGNED-PAYLOAD';
  if (named === undefined) throw new ServiceError('InvalidRequest', 'Missing required header: x-amz-content-sha256');
  if (/^[0-9a-f]{64}$/.test(named) && named !== hash('sha256', body, 'hex')) {
    throw new ServiceError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  return named;
}

/** encodeURIComponent omits five characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
