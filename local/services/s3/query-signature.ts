import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { signingTime } from '../../iam/rest-access.ts';
import { ServiceError } from '../responses.ts';

/** A request whose signature stands in its query: a presigned URL. */
export interface PresignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

const longestLifeSeconds = 7 * 24 * 3600;

/**
 * Checks a presigned URL: its signature and its expiry.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @throws ServiceError as S3 answers: `AccessDenied`, `SignatureDoesNotMatch`, `AuthorizationQueryParametersError`.
 */
export function checkPresignedUrl(request: PresignedRequest, secretOf: (accessKeyId: string) => string): void {
  const { query } = request;
  const [accessKeyId = '', date = '', region = '', service = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
  const signedAt = query.get('X-Amz-Date') ?? '';
  const seconds = Number(query.get('X-Amz-Expires'));
  if (!(seconds >= 1 && seconds <= longestLifeSeconds)) {
    throw new ServiceError('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800 seconds');
  }
  if (Date.now() > signingTime(signedAt) + seconds * 1000) {
    throw new ServiceError('AccessDenied', 'Request has expired', 403);
  }
  const scope = `${date}/${region}/${service}/aws4_request`;
  const hashed = createHash('sha256').update(canonicalRequest(request)).digest('hex');
  const toSign = `AWS4-HMAC-SHA256\n${signedAt}\n${scope}\n${hashed}`;
  const expected = createHmac('sha256', signingKey(secretOf(accessKeyId), date, region, service)).update(toSign);
  if (!sameText(expected.digest('hex'), query.get('X-Amz-Signature') ?? '')) {
    throw new ServiceError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    );
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html#calculate-signing-key */
export function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  const step = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return step(step(step(step(`AWS4${secret}`, date), region), service), 'aws4_request');
}

/** Compares without telling by time how much was right. */
export function sameText(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}

function canonicalRequest({ method, path, query, headers }: PresignedRequest): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const canonicalHeaders = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`);
  const payload = query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  return [method, path, parameters.join('&'), canonicalHeaders.join(''), signedHeaders.join(';'), payload].join('\n');
}

/** RFC 3986, as signatures want it: encodeURIComponent leaves five characters alone that must be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
