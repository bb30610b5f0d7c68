import type { ServiceRequest } from '../contract.ts';
import type { RequestHead } from './post-head.ts';
import { protocols } from './protocols.ts';
import type { ServiceProtocol } from './protocols.ts';
import { signatureOf } from './signatures.ts';
import type { Signature } from './signatures.ts';

export interface ParsedCall {
  readonly service: string;
  readonly protocol: ServiceProtocol;
  /** Absent for unsigned requests. */
  readonly signature: Signature | 'incomplete' | undefined;
  /** As signed, before decoding. */
  readonly rawPath: string;
  readonly request: Omit<ServiceRequest, 'caller'>;
}

/** @param host the signed host name, which replaces the `Host` header. */
export function parseCall(head: RequestHead, body: Buffer, host?: string): ParsedCall | undefined {
  const given = head.headers as Readonly<Record<string, string>>;
  const headers = host === undefined ? given : { ...given, host };
  const url = head.url ?? '/';
  const question = url.indexOf('?');
  const rawPath = question < 0 ? url : url.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
  const signature = signatureOf({ headers, query });
  const service = serviceOf(signature, headers, query);
  const protocol = protocols[service];
  if (protocol === undefined) return undefined;
  const isManagement = service === 'execute-api' && rawPath.startsWith('/execute-api/');
  const path = isManagement ? rawPath.slice('/execute-api'.length) : rawPath;
  const method = head.method ?? 'GET';
  const input = inputOf(protocol, body);
  return {
    service,
    protocol,
    signature,
    rawPath,
    request: {
      operation: operationOf(protocol, method, path, query, headers, input),
      method,
      path,
      query,
      headers,
      body,
      input,
    },
  };
}

/** Requests without a credential are S3 requests of browsers, or unsigned. */
function serviceOf(
  signature: Signature | 'incomplete' | undefined,
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): string {
  if (typeof signature === 'object') return signature.scope.service;
  const credential = query.get('X-Amz-Credential') ?? /Credential=([^,]+)/.exec(headers['authorization'] ?? '')?.[1];
  const named = credential?.split('/')[3];
  if (named !== undefined && named !== '') return named;
  return headers['x-amz-target'] === undefined ? 's3' : 'dynamodb';
}

function operationOf(
  protocol: ServiceProtocol,
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
  input: Readonly<Record<string, unknown>>,
): string {
  if (protocol.operation !== undefined) return protocol.operation(method, path, query, headers);
  // Smithy RPC: /service/<name>/operation/<operation>.
  const named = path.startsWith('/service/') ? path.split('/operation/')[1] : undefined;
  if (named !== undefined) return named;
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.indexOf('.') + 1);
  return typeof input['Action'] === 'string' ? input['Action'] : 'Unknown';
}

const nothing: Readonly<Record<string, unknown>> = {};

function inputOf(protocol: ServiceProtocol, body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0 || protocol.protocol === 'rest-xml') return nothing;
  if (protocol.protocol === 'query') return Object.fromEntries(new URLSearchParams(body.toString()));
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : nothing;
  } catch {
    // The service rejects malformed payloads. Lambda and @connections accept any form.
    return nothing;
  }
}
