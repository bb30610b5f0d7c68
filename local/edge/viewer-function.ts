import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import type { Resource } from '../contract.ts';
import { propertyText } from '../api/property-text.ts';
import { namedValues } from '../named-values.ts';

interface ViewerValue {
  value: string;
  multiValue?: { value: string }[];
}

type ViewerValues = Record<string, ViewerValue>;

export interface ViewerRequest {
  method: string;
  uri: string;
  querystring: ViewerValues;
  headers: ViewerValues;
  cookies: ViewerValues;
}

export interface ViewerResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: ViewerValues;
  cookies?: Record<string, { value: string; attributes?: string }>;
  body?: string | { encoding?: 'text' | 'base64'; data: string };
}

export interface ViewerFunction {
  onRequest(request: ViewerRequest, viewerIp: string): Promise<ViewerRequest | ViewerResponse>;
  onResponse(request: ViewerRequest, response: ViewerResponse, viewerIp: string): Promise<ViewerResponse>;
}

interface ViewerEvent {
  readonly version: '1.0';
  readonly context: Readonly<Record<string, string>>;
  readonly viewer: { readonly ip: string };
  readonly request: ViewerRequest;
  readonly response?: ViewerResponse;
}

/** CloudFront's JavaScript runtime 2.0. */
const modules = new Set(['buffer', 'crypto', 'querystring']);

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 *
 * @throws Error if the code does not compile or has no `handler`.
 */
export function viewerFunction(
  resource: Resource,
  distribution: Resource,
  log: (line: string) => void,
): ViewerFunction {
  const handler = compile(resource, log);
  const context = { distributionDomainName: '', distributionId: distribution.physicalId, endpoint: '' };
  const run = async (event: ViewerEvent): Promise<ViewerRequest | ViewerResponse> => {
    try {
      return await handler(event);
    } catch (cause) {
      // CloudFront answers 503 without a reason.
      log(
        `CloudFront function ${resource.logicalId}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
      );
      return {
        statusCode: 503,
        body: 'The CloudFront function associated with the CloudFront distribution is invalid or could not run.',
      };
    }
  };
  return {
    onRequest: (request, ip) =>
      run({ version: '1.0', context: { ...context, eventType: 'viewer-request' }, viewer: { ip }, request }),
    onResponse: async (request, response, ip) => {
      const eventContext = { ...context, eventType: 'viewer-response' };
      const event: ViewerEvent = { version: '1.0', context: eventContext, viewer: { ip }, request, response };
      const result = await run(event);
      return 'statusCode' in result ? result : response;
    },
  };
}

type Handler = (event: ViewerEvent) => Promise<ViewerRequest | ViewerResponse> | ViewerRequest | ViewerResponse;

function compile(resource: Resource, log: (line: string) => void): Handler {
  const code = propertyText(resource, 'FunctionCode') ?? '';
  if (/^\s*import\s/m.test(code)) {
    throw new Error(`${resource.logicalId}: the local run does not support key value stores of CloudFront functions.`);
  }
  const load = createRequire(import.meta.url);
  const context = createContext({
    Buffer,
    TextDecoder,
    TextEncoder,
    console: { log: (...values: unknown[]) => log(`CloudFront function ${resource.logicalId}: ${values.join(' ')}`) },
    require: (name: string): unknown => {
      if (!modules.has(name)) throw new Error(`Cannot find module '${name}' in a CloudFront function.`);
      return load(`node:${name}`);
    },
  });
  const handler: unknown = new Script(`${code}\n;handler`, { filename: `${resource.logicalId}.js` }).runInContext(
    context,
  );
  if (typeof handler !== 'function') throw new Error(`${resource.logicalId}: its code has no function "handler".`);
  return handler as Handler;
}

export function isViewerResponse(result: ViewerRequest | ViewerResponse): result is ViewerResponse {
  return 'statusCode' in result;
}

export function viewerRequest(
  method: string,
  uri: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): ViewerRequest {
  const request: ViewerRequest = {
    ...{ method, uri },
    ...{ querystring: namedValues(), headers: namedValues(), cookies: namedValues() },
  };
  for (const [name, value] of Object.entries(headers)) if (name !== 'cookie') request.headers[name] = { value };
  for (const cookie of headers['cookie']?.split(/; */) ?? []) addPair(request.cookies, cookie);
  // Names and values keep their encoding.
  for (const pair of query === '' ? [] : query.split('&')) addPair(request.querystring, pair);
  return request;
}

export function queryAndHeaders(request: ViewerRequest): { query: string; headers: Record<string, string> } {
  const headers = namedValues<string>();
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name.toLowerCase()] = valuesOf(value).join(',');
  }
  const cookies = pairs(request.cookies).join('; ');
  if (cookies !== '') headers['cookie'] = cookies;
  return { query: pairs(request.querystring).join('&'), headers };
}

function addPair(values: ViewerValues, pair: string): void {
  const split = pair.indexOf('=');
  const name = split < 0 ? pair : pair.slice(0, split);
  const value = split < 0 ? '' : pair.slice(split + 1);
  const existing = values[name];
  if (existing === undefined) values[name] = { value };
  else existing.multiValue = [...(existing.multiValue ?? [{ value: existing.value }]), { value }];
}

function pairs(values: ViewerValues): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    valuesOf(value).map((text) => (text === '' ? name : `${name}=${text}`)),
  );
}

function valuesOf(value: ViewerValue): string[] {
  return value.multiValue?.map(({ value: text }) => text) ?? [value.value];
}
