import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { malformedJson, payloadTooLarge, unsupportedMediaType } from '../contract/problems.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The platform takes 10 MB; nothing that we accept comes near this. */
export const largestBody = 64 * 1024;

/** The parsed body of a request, or why it cannot be read. */
export function jsonBody(
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>,
): { readonly json: unknown } | Refusal {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBody)
    return refuse(payloadTooLarge, { detail: `The body has more than ${largestBody} bytes.` });
  if (bytes.length === 0) return { json: {} };
  const mediaType = (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return refuse(unsupportedMediaType);
  const parsed = parseJson(bytes);
  if (parsed === undefined) return refuse(malformedJson);
  const complaint = complaintAbout(parsed.json);
  return complaint === undefined ? parsed : refuse(malformedJson, { detail: complaint });
}

/** No request that means something is nested so deeply; some thousand levels would exhaust the stack of whoever walks it. */
const deepestNesting = 32;

/** What is wrong with a parsed value wherever it stands: what cannot be kept as it came is not taken. */
export function complaintAbout(json: unknown, levels = deepestNesting): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (levels === 0) return `It is nested deeper than ${deepestNesting} levels.`;
  if (Object.hasOwn(json, '__proto__')) return 'No member can be called __proto__: give it another name.';
  for (const inner of Object.values(json)) {
    const complaint = complaintAbout(inner, levels - 1);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

/** UTF-8 and JSON, both strictly. */
export function parseJson(bytes: Uint8Array): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown };
  } catch {
    return undefined;
  }
}
