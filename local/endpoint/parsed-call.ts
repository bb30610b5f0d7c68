import type { IncomingMessage } from 'node:http';
import type { ServiceRequest } from '../contract.ts';
import { protocols } from './protocols.ts';
import type { ServiceProtocol } from './protocols.ts';

/** A request to the endpoint, read once. */
export interface ParsedCall {
  /** IAM prefix of the service. */
  readonly service: string;
  readonly protocol: ServiceProtocol;
  /** Absent for what comes unsigned, such as a browser's form upload. */
  readonly accessKeyId: string | undefined;
  readonly request: Omit<ServiceRequest, 'caller'>;
}

/** Reads a request: who signed it, for which service, which operation, with what input. */
export function parseCall(message: IncomingMessage, body: Buffer): ParsedCall | undefined {
  const headers = message.headers as Readonly<Record<string, string>>;
  const url = message.url ?? '/';
  const question = url.indexOf('?');
  let path = question < 0 ? url : url.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
  const credential = credentialOf(headers['authorization'], query);
  const service = credential?.service ?? 's3';
  const protocol = protocols[service];
  if (protocol === undefined) return undefined;
  if (service === 'execute-api' && path.startsWith('/execute-api/')) path = path.slice('/execute-api'.length);
  const method = message.method ?? 'GET';
  const input = inputOf(protocol, body);
  return {
    service,
    protocol,
    accessKeyId: credential?.accessKeyId,
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

const signature = 'Credential=';

/**
 * The credential of a signature: `<access key id>/<date>/<region>/<service>/aws4_request`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
function credentialOf(
  authorization: string | undefined,
  query: URLSearchParams,
): { accessKeyId: string; service: string } | undefined {
  let scope: string | null;
  if (authorization === undefined) scope = query.get('X-Amz-Credential');
  else {
    const at = authorization.indexOf(signature);
    scope = at < 0 ? null : (authorization.slice(at + signature.length).split(',', 1)[0] ?? null);
  }
  if (scope === null) return undefined;
  const [accessKeyId = '', , , service = ''] = scope.split('/');
  return { accessKeyId, service };
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
  // Smithy RPC, which CloudWatch's clients speak: /service/<name>/operation/<operation>.
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
    // A payload that is no JSON is the service's to refuse; a Lambda or @connections payload may be anything.
    return nothing;
  }
}
