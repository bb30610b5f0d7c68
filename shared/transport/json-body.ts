import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FieldError } from '../contract/kit/define-problem.ts';
import { malformedJson, payloadTooLarge, unsupportedMediaType } from '../contract/problems.ts';
import { type ChangedNumbers, parseWithNumbers } from './exact-numbers.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { mostErrors, pointer } from './validation.ts';

/** Fits the longest message if JSON encodes each of its 10,000 characters as two escapes of six bytes. */
export const largestBody = 160 * 1024;

/** Returns a refusal if the body cannot be read. */
export function jsonBody(
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>,
): { readonly json: unknown; readonly errors: readonly FieldError[] } | Refusal {
  const bytes = bytesOf(event);
  if (bytes.length > largestBody)
    return refuse(payloadTooLarge, { detail: `The body has more than ${largestBody} bytes.` });
  if (bytes.length === 0) return { json: {}, errors: [] };
  const contentType = event.headers['content-type'] ?? '';
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return refuse(unsupportedMediaType);
  if (!/^(?:identity)?$/i.test(event.headers['content-encoding'] ?? '')) {
    return refuse(unsupportedMediaType, {
      detail: 'Send the body without compression and the header `content-encoding`.',
    });
  }
  if (!isUtf8(contentType)) return refuse(unsupportedMediaType, { detail: 'Send the body in UTF-8.' });
  if (wasReplaced(bytes, event)) {
    return refuse(malformedJson, {
      detail: 'The body is not valid UTF-8. Where U+FFFD itself is meant, write it as \\ufffd.',
    });
  }
  const parsed = parseJson(bytes);
  if (parsed === undefined) return refuse(malformedJson);
  const { complaint, errors } = findLosses(parsed, ['body']);
  return complaint === undefined ? { json: parsed.json, errors } : refuse(malformedJson, { detail: complaint });
}

/** API Gateway passes a body as text or in base64. */
export function bytesOf({ body, isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** JSON is always UTF-8 (RFC 8259, section 8.1). */
function isUtf8(contentType: string): boolean {
  const charsets = [...contentType.matchAll(/;\s*charset\s*=\s*("?)([^";\s]*)\1/gi)];
  return charsets.every(([, , charset]) => /^utf-?8$/i.test(charset ?? ''));
}

const replacement = Buffer.from('\ufffd');

/**
 * Whether API Gateway replaced invalid UTF-8 in a body that it passes as text. The replacement has three bytes, so the
 * length usually differs from the declared one. Without a declared length, any replacement character is rejected.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function wasReplaced(
  bytes: Buffer,
  { headers, isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'headers' | 'isBase64Encoded'>,
): boolean {
  return !isBase64Encoded && bytes.includes(replacement) && Number(headers['content-length']) !== bytes.length;
}

/** A few thousand levels would exhaust the stack. */
const deepestNesting = 32;

/** Ignores a leading byte order mark (RFC 8259, section 8.1). */
export function parseJson(bytes: Uint8Array): ReturnType<typeof parseWithNumbers> | undefined {
  try {
    return parseWithNumbers(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * Finds values that cannot be stored exactly.
 *
 * @param path - the value's path in the request.
 */
export function findLosses(
  { json, changed }: { readonly json: unknown; readonly changed: ChangedNumbers },
  path: readonly string[] = [],
): { readonly complaint?: string; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const complaint = complaintAbout(json, changed, path, errors);
  return complaint === undefined ? { errors } : { complaint, errors };
}

function complaintAbout(
  json: unknown,
  changed: ChangedNumbers,
  path: readonly string[],
  errors: FieldError[],
  levels = deepestNesting,
): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (levels === 0) return `It is nested deeper than ${deepestNesting} levels.`;
  if (Object.hasOwn(json, '__proto__')) return 'No member may have the name __proto__.';
  const numbers = changed.get(json);
  for (const [name, inner] of Object.entries(json)) {
    const innerPath = [...path, name];
    if (numbers?.has(name) === true && errors.length < mostErrors) {
      errors.push({
        pointer: pointer(innerPath),
        code: 'inexact_number',
        detail: 'cannot be represented exactly as a double-precision number: send it as text',
      });
    }
    const complaint = complaintAbout(inner, changed, innerPath, errors, levels - 1);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}
