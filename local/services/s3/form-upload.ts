import { readScope } from '../../endpoint/signing-keys.ts';
import type { SigningKeys } from '../../endpoint/signing-keys.ts';
import { ServiceError } from '../responses.ts';

/** POST object. */
export interface FormUpload {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Buffer;
}

export interface UploadSigner {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly key: string;
}

/**
 * The file must be the last field (RFC 7578).
 *
 * @throws ServiceError `MalformedPOSTRequest`.
 */
export function readFormUpload(contentType: string, body: Buffer): FormUpload {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw malformed();
  const delimiter = Buffer.from(`--${boundary}`);
  const fields = new Map<string, string>();
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length + 2;
    const next = body.indexOf(delimiter, start);
    const headEnd = body.indexOf('\r\n\r\n', start);
    if (next < 0 || headEnd < 0 || headEnd > next) break;
    const head = body.toString('utf8', start, headEnd);
    const name = /name="([^"]*)"/i.exec(head)?.[1] ?? '';
    const end = next - 2;
    if (name === 'file') return { fields, file: body.subarray(headEnd + 4, end) };
    fields.set(name.toLowerCase(), body.toString('utf8', headEnd + 4, end));
    at = next;
  }
  throw malformed();
}

interface PolicyDocument {
  readonly expiration?: string;
  readonly conditions?: readonly (
    Readonly<Record<string, string>> | readonly [string, string | number, string | number]
  )[];
}

/**
 * Checks signature, expiry and all conditions.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @throws ServiceError with S3's code.
 */
export function checkFormUpload(upload: FormUpload, bucket: string, keys: SigningKeys): UploadSigner {
  const { fields } = upload;
  const policyText = fields.get('policy');
  const key = fields.get('key') ?? '';
  if (policyText === undefined) throw denied('Access Denied');
  const scope = readScope(fields.get('x-amz-credential') ?? '');
  if (scope?.service !== 's3' || !keys.verifies(scope, policyText, fields.get('x-amz-signature') ?? '')) {
    throw new ServiceError('SignatureDoesNotMatch', 'The policy signature does not match.', 403);
  }
  const policy = JSON.parse(Buffer.from(policyText, 'base64').toString()) as PolicyDocument;
  if (!(Date.parse(policy.expiration ?? '') > Date.now())) {
    throw denied('Invalid according to Policy: Policy expired.');
  }
  checkConditions(policy, upload, bucket);
  return { accessKeyId: scope.accessKeyId, sessionToken: fields.get('x-amz-security-token'), key };
}

const freeFields = new Set(['x-amz-signature', 'policy', 'awsaccesskeyid', 'signature']);

function checkConditions(policy: PolicyDocument, upload: FormUpload, bucket: string): void {
  const values = new Map(upload.fields).set('bucket', bucket);
  const covered = new Set<string>(['bucket']);
  for (const condition of policy.conditions ?? []) {
    for (const [operator, field, wanted] of conditionParts(condition)) {
      if (operator === 'content-length-range') {
        checkLength(upload.file.length, Number(field), Number(wanted));
        continue;
      }
      const name = String(field).replace(/^\$/, '').toLowerCase();
      covered.add(name);
      const value = values.get(name) ?? '';
      const holds = operator === 'starts-with' ? value.startsWith(String(wanted)) : value === String(wanted);
      if (!holds)
        throw denied(`Invalid according to Policy: Policy Condition failed: ["${operator}", "$${name}", "${wanted}"]`);
    }
  }
  for (const name of upload.fields.keys()) {
    if (covered.has(name) || freeFields.has(name) || name.startsWith('x-ignore-')) continue;
    throw denied(`Invalid according to Policy: Extra input fields: ${name}`);
  }
}

function conditionParts(
  condition: Readonly<Record<string, string>> | readonly [string, string | number, string | number],
): (readonly [string, string | number, string | number])[] {
  if (Array.isArray(condition)) {
    const [operator, field, wanted] = condition as [string, string | number, string | number];
    return [[operator.toLowerCase(), field, wanted]];
  }
  return Object.entries(condition as Readonly<Record<string, string>>).map(([field, wanted]) => ['eq', field, wanted]);
}

function checkLength(length: number, least: number, most: number): void {
  const limits = { MinSizeAllowed: least, MaxSizeAllowed: most, ProposedSize: length };
  if (length > most) {
    throw new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, limits);
  }
  if (length < least) {
    throw new ServiceError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      limits,
    );
  }
}

function denied(message: string): ServiceError {
  return new ServiceError('AccessDenied', message, 403);
}

function malformed(): ServiceError {
  return new ServiceError(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
  );
}
