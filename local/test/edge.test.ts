import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpApi } from '../api/http-api.ts';
import { createWebSocketApi } from '../api/websocket-api.ts';
import type { WebSocketApi } from '../api/websocket-api.ts';
import type { Resource } from '../contract.ts';
import { directEdge } from '../edge/direct-edge.ts';
import { distributionEdge, edgeAddress } from '../edge/distribution-edge.ts';
import { pathPattern } from '../edge/path-pattern.ts';
import { PortTakenError, startPublicServer } from '../edge/public-server.ts';
import type { PublicServer } from '../edge/public-server.ts';
import { socketPathOf } from '../edge/socket-path.ts';
import { assemblyOf, functionArn, resource } from './assembly-of.ts';
import { inProcessHost } from './in-process-host.ts';
import { rawRequest } from './raw-request.ts';

const allViewerExceptHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const allViewer = '216adef6-5c7f-47e4-b989-5492eafa07d3';

const servers: PublicServer[] = [];
const socketApis: WebSocketApi[] = [];
const directories: string[] = [];

afterEach(async () => {
  for (const api of socketApis.splice(0)) await api.stop();
  for (const server of servers.splice(0)) await server.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function siteDirectory(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'site-'));
  directories.push(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

interface Setup {
  readonly api?: object;
  readonly site?: object;
  readonly distribution?: object;
  readonly functions?: Readonly<Record<string, string>>;
  readonly resources?: readonly Resource[];
  readonly files?: Readonly<Record<string, string>>;
  readonly deployment?: object;
  readonly mayList?: boolean;
}

async function startEdge(setup: Setup = {}) {
  const apiOrigin = (Id: string, OriginPath = '') => ({
    Id,
    DomainName: `${Id}.execute-api.eu-central-1.amazonaws.com`,
    OriginPath,
    OriginCustomHeaders: [{ HeaderName: 'X-Origin-Key', HeaderValue: 'secret' }],
  });
  const toFunction = { IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn('echo') };
  const resources = [
    resource('http', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    resource('socket', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }),
    resource('stage', 'AWS::ApiGatewayV2::Stage', { ApiId: 'socket', StageName: 'live' }),
    resource('a', 'AWS::ApiGatewayV2::Integration', { ApiId: 'http', PayloadFormatVersion: '2.0', ...toFunction }),
    resource('b', 'AWS::ApiGatewayV2::Route', { ApiId: 'http', RouteKey: '$default', Target: 'integrations/a' }),
    resource('c', 'AWS::ApiGatewayV2::Integration', { ApiId: 'socket', ...toFunction }),
    resource('d', 'AWS::ApiGatewayV2::Route', { ApiId: 'socket', RouteKey: '$connect', Target: 'integrations/c' }),
    resource('site', 'AWS::S3::Bucket', {}, 'arn:aws:s3:::site'),
    resource('deployment', 'Custom::CDKBucketDeployment', {
      DestinationBucketName: 'site',
      SourceObjectKeys: ['files.zip'],
      SystemMetadata: { 'cache-control': 'public, max-age=300' },
      ...setup.deployment,
    }),
    ...Object.entries(setup.functions ?? {}).map(([name, FunctionCode]) =>
      resource(name, 'AWS::CloudFront::Function', { FunctionCode }, `arn:function/${name}`),
    ),
    resource('distribution', 'AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Origins: [
          apiOrigin('http'),
          apiOrigin('socket', '/live'),
          { Id: 'site', DomainName: 'site.s3.eu-central-1.amazonaws.com' },
        ],
        DefaultCacheBehavior: { TargetOriginId: 'site', ...setup.site },
        CacheBehaviors: [
          {
            PathPattern: '/api/*',
            TargetOriginId: 'http',
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
            OriginRequestPolicyId: allViewerExceptHost,
            ...setup.api,
          },
          {
            PathPattern: '/ws',
            TargetOriginId: 'socket',
            OriginRequestPolicyId: allViewerExceptHost,
            FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'arn:function/open' }],
          },
        ],
        ...setup.distribution,
      },
    }),
    resource('open', 'AWS::CloudFront::Function', {
      FunctionCode: "function handler(event) { event.request.uri = '/'; return event.request; }",
    }),
    ...(setup.resources ?? []),
  ].map((one) => (one.logicalId === 'open' ? { ...one, arn: 'arn:function/open' } : one));
  const assembly = assemblyOf(resources, {
    'files.zip': siteDirectory(setup.files ?? { 'index.html': '<p>home</p>' }),
  });
  const host = inProcessHost({
    echo: (event: Record<string, unknown>) => ({ statusCode: 200, body: JSON.stringify(event) }),
  });
  const log: string[] = [];
  const permission = () => ({ allowed: true, reason: '' });
  const common = { assembly, host, permission, rewrite: (value: string) => value };
  const socketApi = createWebSocketApi({ ...common, api: resources[1] as Resource });
  socketApis.push(socketApi);
  const parts = {
    ...common,
    httpApis: [createHttpApi({ ...common, api: resources[0] as Resource })],
    socketApis: [socketApi],
    mayService: () => ({ allowed: setup.mayList ?? true, reason: '' }),
    rewrite: (value: string) => value.replace('https://aws', 'http://here'),
    log: (line: string) => void log.push(line),
  };
  const distribution = assembly.ofType('AWS::CloudFront::Distribution')[0] as Resource;
  const edge = distributionEdge(distribution, parts);
  const server = await startPublicServer(0);
  servers.push(server);
  server.serve(edge, () => false);
  return { url: `http://127.0.0.1:${server.port}`, log, parts, host, edge, server };
}

async function event(response: Response): Promise<Record<string, unknown> & { headers: Record<string, string> }> {
  return (await response.json()) as Record<string, unknown> & { headers: Record<string, string> };
}

describe('a behaviour of a distribution', () => {
  it.each([
    ['/api/*', '/api/v1/x', true],
    ['/api/*', '/api', false],
    ['/API/*', '/api/v1', false],
    ['images/*.jpg', '/images/a/b.jpg', true],
    ['/a?c', '/abc', true],
    ['/a?c', '/ac', false],
    ['/.well-known/*', '/xwell-known/a', false],
    ['*', '/anything', true],
  ])('matches with the pattern %s the path %s: %s', (pattern, path, matches) => {
    expect(pathPattern(pattern).test(path)).toBe(matches);
  });

  it('forwards a request to the HTTP API, with the addresses and headers that a distribution adds', async () => {
    const { url } = await startEdge();
    const response = await fetch(`${url}/api/v1/things?q=a%20b`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', cookie: 'a=1; b=2', 'x-forwarded-for': '198.51.100.1' },
      body: '{}',
    });
    const received = await event(response);
    expect(received).toMatchObject({
      rawPath: '/api/v1/things',
      rawQueryString: 'q=a%20b',
      cookies: ['a=1', 'b=2'],
      requestContext: { http: { sourceIp: edgeAddress, method: 'POST' } },
      headers: {
        authorization: 'Bearer t',
        'x-origin-key': 'secret',
        'x-forwarded-for': `198.51.100.1, 127.0.0.1, ${edgeAddress}`,
        'x-forwarded-proto': 'https',
        host: 'http.execute-api.eu-central-1.amazonaws.com',
      },
    });
    expect(received.headers).not.toHaveProperty('connection');
  });

  it('forwards neither query nor headers nor cookies without an origin request policy', async () => {
    const { url } = await startEdge({ api: { OriginRequestPolicyId: undefined } });
    const response = await fetch(`${url}/api/x?q=1`, { headers: { authorization: 'Bearer t', cookie: 'a=1' } });
    const received = await event(response);
    expect(received).toMatchObject({ rawQueryString: '', headers: { 'user-agent': 'Amazon CloudFront' } });
    expect(received.headers).not.toHaveProperty('authorization');
    expect(received).not.toHaveProperty('cookies');
  });

  it('forwards the headers, query and cookies that a policy of the template names', async () => {
    const { url } = await startEdge({
      api: { OriginRequestPolicyId: 'mine' },
      resources: [
        resource('mine', 'AWS::CloudFront::OriginRequestPolicy', {
          OriginRequestPolicyConfig: {
            HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['X-Wanted'] },
            CookiesConfig: { CookieBehavior: 'whitelist', Cookies: ['b'] },
            QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: ['secret'] },
          },
        }),
      ],
    });
    const response = await fetch(`${url}/api/x?q=1&secret=2`, {
      headers: { 'x-wanted': 'yes', 'x-unwanted': 'no', cookie: 'a=1; b=2' },
    });
    const received = await event(response);
    expect(received).toMatchObject({ rawQueryString: 'q=1', cookies: ['b=2'], headers: { 'x-wanted': 'yes' } });
    expect(received.headers).not.toHaveProperty('x-unwanted');
  });

  it("is rejected by API Gateway if it forwards the viewer's host", async () => {
    const { url } = await startEdge({ api: { OriginRequestPolicyId: allViewer } });
    expect((await fetch(`${url}/api/x`)).status).toBe(403);
  });

  it('rejects methods that it does not allow, and GET with a body', async () => {
    const { url, edge } = await startEdge();
    expect((await fetch(url, { method: 'POST' })).status).toBe(403);
    const withBody = await edge.handle({
      method: 'GET',
      path: '/api/x',
      query: '',
      headers: {},
      body: Buffer.from('x'),
      sourceIp: '127.0.0.1',
      protocol: 'HTTP/1.1',
    });
    expect(withBody.status).toBe(403);
  });
});

describe('a socket behind a distribution', () => {
  it('is opened at the path of its behaviour, rewritten to the stage', async () => {
    const { url, host, parts } = await startEdge();
    expect(socketPathOf(parts.assembly)).toBe('/ws');
    const client = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=1`);
    await once(client, 'open');
    client.terminate();
    expect(host.invocations[0]?.event).toMatchObject({
      queryStringParameters: { ticket: '1' },
      headers: { 'X-Origin-Key': 'secret' },
      requestContext: { identity: { sourceIp: edgeAddress } },
    });
  });

  it('is not opened at other paths', async () => {
    const { url } = await startEdge();
    const client = new WebSocket(`${url.replace('http', 'ws')}/api/ws`);
    client.on('error', () => undefined);
    const [, response] = (await once(client, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(400);
  });
});

describe('a site behind a distribution', () => {
  const files = { 'index.html': '<p>home</p>', 'docs/index.html': '<p>docs</p>', 'app.js': 'go()', 'a b.txt': 'x' };

  it('serves the files of its deployment, with types, tags and the metadata of the deployment', async () => {
    const { url } = await startEdge({ files, distribution: { DefaultRootObject: 'index.html' } });
    const home = await fetch(url);
    expect([home.status, home.headers.get('content-type'), await home.text()]).toEqual([
      200,
      'text/html',
      '<p>home</p>',
    ]);
    expect(home.headers.get('cache-control')).toBe('public, max-age=300');
    const script = await fetch(`${url}/app.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript');
    const again = await fetch(`${url}/app.js`, { headers: { 'if-none-match': script.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(await (await fetch(`${url}/a%20b.txt`)).text()).toBe('x');
  });

  it('serves no file outside its directory', async () => {
    const { edge } = await startEdge({ files });
    for (const path of ['/../../etc/passwd', '/docs/../../x', '/%2e%2e/%2e%2e/etc/passwd', '/docs', '/docs/']) {
      const headers = {};
      const request = { method: 'GET', path, query: '', headers, body: Buffer.alloc(0), sourceIp: '', protocol: '' };
      expect([path, (await edge.handle(request)).status]).toEqual([path, 404]);
    }
  });

  it('answers 403 for a missing file if the distribution may not list the bucket', async () => {
    const { url } = await startEdge({ files, mayList: false });
    expect((await fetch(`${url}/missing`)).status).toBe(403);
  });

  it('answers an error with the page that the distribution names', async () => {
    const CustomErrorResponses = [{ ErrorCode: 404, ResponseCode: 200, ResponsePagePath: '/index.html' }];
    const { url } = await startEdge({ files, distribution: { CustomErrorResponses } });
    const response = await fetch(`${url}/some/page`);
    expect([response.status, await response.text()]).toEqual([200, '<p>home</p>']);
  });

  it('replaces markers by values that are known at deployment', async () => {
    const { url } = await startEdge({
      files: { 'config/settings.json': '{"api":"<<marker:0xbaba:0>>"}' },
      deployment: {
        DestinationBucketKeyPrefix: 'site',
        SourceMarkers: [{ '<<marker:0xbaba:0>>': 'https://aws/api' }],
      },
    });
    const response = await fetch(`${url}/site/config/settings.json`);
    expect(await response.json()).toEqual({ api: 'http://here/api' });
  });
});

describe('a CloudFront function', () => {
  const associate = (EventType: string, name: string) => ({
    FunctionAssociations: [{ EventType, FunctionARN: `arn:function/${name}` }],
  });

  it('changes a request', async () => {
    const { url } = await startEdge({
      api: associate('viewer-request', 'change'),
      functions: {
        change: `async function handler(event) {
          const request = event.request;
          request.headers['x-viewer'] = { value: event.viewer.ip };
          request.querystring.added = { value: '1' };
          delete request.cookies.secret;
          request.uri = request.uri.replace('/old', '/new');
          return request;
        }`,
      },
    });
    const response = await fetch(`${url}/api/old?a=1&a=2`, { headers: { cookie: 'secret=1; open=2' } });
    expect(await event(response)).toMatchObject({
      rawPath: '/api/new',
      rawQueryString: 'a=1&a=2&added=1',
      cookies: ['open=2'],
      headers: { 'x-viewer': '127.0.0.1' },
    });
  });

  it('answers instead of the origin', async () => {
    const { url, host } = await startEdge({
      api: associate('viewer-request', 'redirect'),
      functions: {
        redirect: `function handler() { return { statusCode: 302, headers: { location: { value: '/there' } } }; }`,
      },
    });
    const response = await fetch(`${url}/api/x`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/there']);
    expect(host.invocations).toHaveLength(0);
  });

  it('changes a response', async () => {
    const { url } = await startEdge({
      site: associate('viewer-response', 'mark'),
      functions: {
        mark: `function handler(event) { event.response.headers['x-marked'] = { value: 'yes' }; return event.response; }`,
      },
    });
    const response = await fetch(`${url}/index.html`);
    expect([response.headers.get('x-marked'), await response.text()]).toEqual(['yes', '<p>home</p>']);
  });

  it('answers 503 when it fails, and logs the reason', async () => {
    const { url, log } = await startEdge({
      api: associate('viewer-request', 'broken'),
      functions: { broken: `function handler(event) { return event.nothing.at.all; }` },
    });
    expect((await fetch(`${url}/api/x`)).status).toBe(503);
    expect(log.join()).toContain('broken');
  });
});

describe('a response headers policy', () => {
  it('sets security and custom headers, and overrides the origin’s headers only where the policy says so', async () => {
    const { url } = await startEdge({
      site: { ResponseHeadersPolicyId: 'policy' },
      resources: [
        resource('policy', 'AWS::CloudFront::ResponseHeadersPolicy', {
          ResponseHeadersPolicyConfig: {
            SecurityHeadersConfig: {
              ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
              ContentTypeOptions: { Override: true },
              StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Override: true },
            },
            CustomHeadersConfig: {
              Items: [
                { Header: 'Cache-Control', Value: 'no-store', Override: false },
                { Header: 'ETag', Value: '"mine"', Override: true },
              ],
            },
            RemoveHeadersConfig: { Items: [{ Header: 'Last-Modified' }] },
          },
        }),
      ],
    });
    const { headers } = await fetch(`${url}/index.html`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'self'",
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=60; includeSubDomains',
      'cache-control': 'public, max-age=300',
      etag: '"mine"',
    });
    expect(headers.has('last-modified')).toBe(false);
  });
});

describe('the public server', () => {
  it('names the port in use and suggests another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const failure = await startPublicServer(port).catch((error: unknown) => error);
    other.close();
    expect(failure).toBeInstanceOf(PortTakenError);
    expect((failure as Error).message).toContain(`PORT=${port + 1} npm start`);
  });

  it('answers 413 for a body that is too large for every API', async () => {
    const { url } = await startEdge();
    const response = await fetch(`${url}/api/x`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });

  it('accepts only loopback host names and that of the configured tunnel', async () => {
    const { edge } = await startEdge();
    const server = await startPublicServer(0, 'https://name-3000.tunnel.example');
    servers.push(server);
    server.serve(edge, () => false);
    const url = `http://127.0.0.1:${server.port}/api/v1/x`;
    for (const host of ['localhost', 'localhost:9999', '127.0.0.1:1', '[::1]:3000', 'name-3000.tunnel.example']) {
      expect((await rawRequest(url, { host })).status, host).toBe(200);
    }
    for (const host of ['evil.example', 'localhost.evil.example', 'tunnel.example', '127.0.0.1.evil.example', 'a b']) {
      const { status, text } = await rawRequest(url, { host });
      expect([status, text], host).toEqual([421, expect.stringContaining('PUBLIC_URL=')]);
    }
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { headers: { host: 'evil.example' } });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(421);
  });

  it('serves API and socket without a distribution', async () => {
    const { parts, server, url } = await startEdge();
    server.serve(directEdge(parts), () => false);
    expect(await event(await fetch(`${url}/anything`))).toMatchObject({
      rawPath: '/anything',
      requestContext: { http: { sourceIp: '127.0.0.1' } },
    });
    const client = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    await once(client, 'open');
    client.terminate();
  });
});
