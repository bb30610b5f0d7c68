import type { ApiResponse } from './exchange.ts';

/**
 * Payload format 2.0. A result without `statusCode` is the JSON body of a 200.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @returns undefined for a malformed response.
 */
export function httpResponseOf(payload: unknown): ApiResponse | undefined {
  if (typeof payload === 'string') return jsonBody(payload);
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    return jsonBody(JSON.stringify(payload));
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = payload as Record<string, unknown>;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const list = headerList(headers);
  if (list === undefined) return undefined;
  for (const cookie of Array.isArray(cookies) ? (cookies as unknown[]) : []) list.push(['set-cookie', String(cookie)]);
  if (!list.some(([name]) => name === 'content-type')) list.push(['content-type', 'text/plain;charset=UTF-8']);
  return { status, headers: list, body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

function jsonBody(body: string): ApiResponse {
  return { status: 200, headers: [['content-type', 'application/json']], body };
}

function headerList(headers: unknown): [string, string][] | undefined {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object') return undefined;
  const list: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (connectionHeaders.has(lower) || value === undefined || value === null) continue;
    if (typeof value === 'object') return undefined;
    list.push([lower, String(value as string | number | boolean)]);
  }
  return list;
}

const connectionHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
