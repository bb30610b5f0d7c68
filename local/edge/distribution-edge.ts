import { randomBytes } from 'node:crypto';
import { gatewayMessage } from '../api/exchange.ts';
import type { ApiRequest, ApiResponse } from '../api/exchange.ts';
import { refuseUpgrade } from '../api/handshake-refusal.ts';
import type { Resource } from '../contract.ts';
import { behavioursOf } from './behaviours.ts';
import type { Behaviour, DistributionConfig, Origin } from './behaviours.ts';
import type { Edge, EdgeParts } from './edge.ts';
import { forward } from './forwarding.ts';
import { isViewerResponse, queryAndHeaders, viewerRequest } from './viewer-function.ts';
import type { ViewerRequest, ViewerResponse } from './viewer-function.ts';

/** APIs behind a distribution receive this source address. */
export const edgeAddress = '64.252.64.10';

const urlLimit = 8_192;

interface OriginRequest {
  readonly request: ApiRequest;
  readonly viewer: ViewerRequest;
}

/** Caches nothing. */
export function distributionEdge(distribution: Resource, parts: EdgeParts): Edge {
  const config = distribution.properties['DistributionConfig'] as DistributionConfig;
  const behaviours = behavioursOf(distribution, parts);
  const behaviourFor = (path: string): Behaviour => {
    const found = behaviours.find((behaviour) => behaviour.matches(path));
    if (found === undefined) throw new Error('A distribution always has a default behaviour.');
    return found;
  };
  const errorPages = new Map((config.CustomErrorResponses ?? []).map((page) => [page.ErrorCode, page]));

  async function handle(request: ApiRequest): Promise<ApiResponse> {
    const behaviour = behaviourFor(request.path);
    const refused = refusal(request, behaviour);
    if (refused !== undefined) return refused;
    const rooted =
      request.path === '/' && config.DefaultRootObject ? { ...request, path: `/${config.DefaultRootObject}` } : request;
    const prepared = await prepare(rooted, behaviour);
    if ('status' in prepared) return behaviour.responseHeaders(prepared);
    const response = await withErrorPage(await askOrigin(behaviour.origin, prepared.request), request);
    return behaviour.responseHeaders(await afterwards(behaviour, prepared.viewer, response, request.sourceIp));
  }

  async function withErrorPage(response: ApiResponse, request: ApiRequest): Promise<ApiResponse> {
    const page = errorPages.get(response.status);
    if (page?.ResponsePagePath === undefined) return response;
    const { origin } = behaviourFor(page.ResponsePagePath);
    const asked: ApiRequest = {
      ...request,
      method: 'GET',
      path: page.ResponsePagePath,
      query: '',
      body: Buffer.alloc(0),
    };
    const answer = await askOrigin(origin, asked);
    return answer.status === 200 ? { ...answer, status: page.ResponseCode ?? response.status } : response;
  }

  return {
    handle,
    upgrade: async (request, incoming, socket, head) => {
      const behaviour = behaviourFor(request.path);
      const prepared = await prepare(request, behaviour);
      if ('status' in prepared) {
        refuseUpgrade(socket, { status: prepared.status, body: prepared.body.toString() });
        return;
      }
      const { origin } = behaviour;
      if (origin.kind !== 'socket') {
        refuseUpgrade(socket, { status: 400, message: 'Bad Request' });
        return;
      }
      if (prepared.request.headers['host'] !== undefined) {
        refuseUpgrade(socket, { status: 403, message: 'Forbidden' });
        return;
      }
      const path = `${origin.path}${prepared.request.path}`;
      await origin.api.upgrade({ ...prepared.request, path }, incoming, socket, head);
    },
  };
}

function refusal(request: ApiRequest, behaviour: Behaviour): ApiResponse | undefined {
  if (request.path.length + request.query.length > urlLimit) {
    return edgeError(414, 'The URL is longer than 8,192 bytes.');
  }
  if (!behaviour.methods.has(request.method)) {
    return edgeError(
      403,
      'This distribution is not configured to allow the HTTP request method that was used for this request.',
    );
  }
  if ((request.method === 'GET' || request.method === 'HEAD') && request.body.length > 0) {
    return edgeError(403, 'A GET or HEAD request must not have a body.');
  }
  return undefined;
}

async function prepare(request: ApiRequest, behaviour: Behaviour): Promise<OriginRequest | ApiResponse> {
  const { method, path, query, headers, sourceIp } = request;
  let viewer = viewerRequest(method, path, query, headers);
  let changed: ApiRequest = request;
  if (behaviour.viewerRequest !== undefined) {
    const result = await behaviour.viewerRequest.onRequest(viewer, sourceIp);
    if (isViewerResponse(result)) return fromViewer(result);
    viewer = result;
    changed = { ...request, path: result.uri, ...queryAndHeaders(result) };
  }
  const forwarded = forward(behaviour.forwarding, changed);
  const chain = headers['x-forwarded-for'];
  Object.assign(forwarded.headers, behaviour.origin.headers, {
    via: '1.1 local.cloudfront.net (CloudFront)',
    'x-amz-cf-id': randomBytes(40).toString('base64url'),
    'x-forwarded-for': `${chain === undefined ? '' : `${chain}, `}${sourceIp}, ${edgeAddress}`,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  });
  // The local run has no cache, so the bucket answers conditional requests.
  const tags = headers['if-none-match'];
  if (behaviour.origin.kind === 'bucket' && tags !== undefined) forwarded.headers['if-none-match'] = tags;
  return { request: { ...changed, ...forwarded, sourceIp: edgeAddress }, viewer };
}

async function askOrigin(origin: Origin, request: ApiRequest): Promise<ApiResponse> {
  const path = `${origin.path}${request.path}`;
  switch (origin.kind) {
    case 'http': {
      // API Gateway rejects the viewer's host name.
      if (request.headers['host'] !== undefined) return gatewayMessage(403, 'Forbidden');
      const within = withoutStage(path, origin.api.stage);
      if (within === undefined) return gatewayMessage(404, 'Not Found');
      return origin.api.handle({ ...request, path: within });
    }
    case 'socket':
      return gatewayMessage(403, 'Forbidden');
    case 'bucket':
      return origin.files({ ...request, path });
  }
}

function withoutStage(path: string, stage: string): string | undefined {
  if (stage === '$default') return path;
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}

async function afterwards(
  behaviour: Behaviour,
  request: ViewerRequest,
  response: ApiResponse,
  viewerIp: string,
): Promise<ApiResponse> {
  // CloudFront runs no viewer-response function for errors.
  if (behaviour.viewerResponse === undefined || response.status >= 400) return response;
  const cookies = response.headers.filter(([name]) => name === 'set-cookie');
  const headers = response.headers.filter(([name]) => name !== 'set-cookie');
  const given: ViewerResponse = {
    statusCode: response.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, { value }])),
  };
  const result = fromViewer(await behaviour.viewerResponse.onResponse(request, given, viewerIp));
  const body = result.body.length > 0 ? result.body : response.body;
  return { status: result.status, headers: [...result.headers, ...cookies], body };
}

function fromViewer(response: ViewerResponse): ApiResponse {
  const headers = Object.entries(response.headers ?? {}).map(
    ([name, { value }]) => [name.toLowerCase(), value] as const,
  );
  const cookies = Object.entries(response.cookies ?? {}).map(
    ([name, { value, attributes }]) =>
      ['set-cookie', `${name}=${value}${attributes === undefined ? '' : `; ${attributes}`}`] as const,
  );
  const { body } = response;
  const data = typeof body === 'object' ? Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8') : body;
  return { status: response.statusCode, headers: [...headers, ...cookies], body: data ?? '' };
}

function edgeError(status: number, text: string): ApiResponse {
  const body = `<html><head><title>ERROR: The request could not be satisfied</title></head><body><h1>${status} ERROR</h1><p>${text}</p></body></html>`;
  return { status, headers: [['content-type', 'text/html']], body };
}
