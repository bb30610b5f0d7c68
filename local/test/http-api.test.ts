import { describe, expect, it } from 'vitest';
import { createHttpApi } from '../api/http-api.ts';
import { accountThrottle } from '../api/throttle.ts';
import type { ApiRequest, ApiResponse } from '../api/exchange.ts';
import { RouteTable } from '../api/route-table.ts';
import type { Resource } from '../contract.ts';
import { assemblyOf, functionArn, resource } from './assembly-of.ts';
import { inProcessHost } from './in-process-host.ts';
import type { TestFunction } from './in-process-host.ts';

interface Setup {
  readonly account?: () => boolean;
  readonly routes?: Readonly<Record<string, object>>;
  readonly functions?: Readonly<Record<string, TestFunction>>;
  readonly api?: object;
  readonly stage?: object;
  readonly resources?: readonly Resource[];
  readonly integration?: object;
  readonly allowed?: boolean;
}

function startApi(setup: Setup = {}) {
  const routes = Object.entries(setup.routes ?? { $default: {} }).map(([RouteKey, properties], index) =>
    resource(`route${index}`, 'AWS::ApiGatewayV2::Route', {
      ApiId: 'api',
      RouteKey,
      Target: 'integrations/integration',
      ...properties,
    }),
  );
  const assembly = assemblyOf([
    resource('api', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', ...setup.api }),
    resource('stage', 'AWS::ApiGatewayV2::Stage', { ApiId: 'api', StageName: '$default', ...setup.stage }),
    resource('integration', 'AWS::ApiGatewayV2::Integration', {
      ApiId: 'api',
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn('handler'),
      PayloadFormatVersion: '2.0',
      ...setup.integration,
    }),
    ...(setup.resources ?? []),
    ...routes,
  ]);
  const host = inProcessHost({ handler: (event) => event, ...setup.functions });
  let time = 0;
  const api = createHttpApi({
    assembly,
    api: assembly.resources[0] as Resource,
    host,
    permission: () => ({ allowed: setup.allowed ?? true, reason: '' }),
    now: () => time,
    ...(setup.account === undefined ? {} : { account: setup.account }),
  });
  return { api, host, passTime: (ms: number) => (time += ms) };
}

function request(path: string, overrides: Partial<ApiRequest> & { json?: unknown } = {}): ApiRequest {
  const [pathname = '/', query = ''] = path.split('?');
  const { json, ...rest } = overrides;
  return {
    method: 'GET',
    path: pathname,
    query,
    body: json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)),
    sourceIp: '192.0.2.7',
    protocol: 'HTTP/1.1',
    ...rest,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...rest.headers },
  };
}

function json(response: ApiResponse): Record<string, unknown> {
  return JSON.parse(response.body.toString()) as Record<string, unknown>;
}

function header(response: ApiResponse, name: string): string | undefined {
  return response.headers.find(([key]) => key === name)?.[1];
}

describe('route selection of an HTTP API', () => {
  const table = new RouteTable<string>();
  for (const key of [
    'GET /pets/dog/1',
    'GET /pets/{kind}/{id}',
    'GET /pets/{proxy+}',
    'ANY /pets/dog/{id}',
    'POST /pets',
    'ANY /{proxy+}',
    'GET /',
    '$default',
  ]) {
    table.add(key, key);
  }

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'ANY /pets/dog/{id}', { id: '2' }],
    ['PUT', '/pets/dog/1', 'ANY /pets/dog/{id}', { id: '1' }],
    ['GET', '/pets/cat/5', 'GET /pets/{kind}/{id}', { kind: 'cat', id: '5' }],
    ['GET', '/pets/cat/5/name', 'GET /pets/{proxy+}', { proxy: 'cat/5/name' }],
    ['POST', '/pets', 'POST /pets', undefined],
    ['DELETE', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
    ['GET', '/', 'GET /', undefined],
    ['POST', '/', '$default', undefined],
    ['GET', '/pets/a%20b/%C3%BC', 'GET /pets/{kind}/{id}', { kind: 'a b', id: 'ü' }],
  ])('sends %s %s to %s', (method, path, key, parameters) => {
    expect(table.match(method, path)).toEqual({ route: key, parameters });
  });

  it('never matches a variable with an empty segment', () => {
    const single = new RouteTable<string>();
    single.add('GET /pets/{id}', 'one');
    expect(single.match('GET', '/pets/')).toBeUndefined();
  });
});

describe('the event of an HTTP API', () => {
  it('has payload format 2.0', async () => {
    const { api } = startApi({ routes: { 'POST /conversations/{id}': {} } });
    const response = await api.handle(
      request('/conversations/a%2Bb?after=1&after=2&q=a%20b', {
        method: 'POST',
        json: { text: 'hé' },
        headers: { cookie: 'one=1; two=2', 'user-agent': 'test', 'x-thing': 'a,b' },
      }),
    );
    expect(json(response)).toEqual({
      version: '2.0',
      routeKey: 'POST /conversations/{id}',
      rawPath: '/conversations/a+b',
      rawQueryString: 'after=1&after=2&q=a%20b',
      cookies: ['one=1', 'two=2'],
      headers: {
        'content-type': 'application/json',
        'user-agent': 'test',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) as string,
        'x-thing': 'a,b',
        host: 'api.execute-api.eu-central-1.amazonaws.com',
      },
      queryStringParameters: { after: '1,2', q: 'a b' },
      pathParameters: { id: 'a+b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        domainName: 'api.execute-api.eu-central-1.amazonaws.com',
        domainPrefix: 'api',
        http: {
          method: 'POST',
          path: '/conversations/a+b',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.7',
          userAgent: 'test',
        },
        requestId: header(response, 'apigw-requestid'),
        routeKey: 'POST /conversations/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/) as string,
        timeEpoch: expect.any(Number) as number,
      },
      body: '{"text":"hé"}',
      isBase64Encoded: false,
    });
  });

  it('contains bodies other than text in base64', async () => {
    const { api } = startApi();
    const body = Buffer.from([0, 255, 1]);
    const answer = await api.handle(request('/', { method: 'POST', body, headers: { 'content-type': 'image/png' } }));
    expect(json(answer)).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });

  it('has the name of a stage other than the default one in its path', async () => {
    const { api } = startApi({ stage: { StageName: 'live', StageVariables: { colour: 'blue' } } });
    const event = json(await api.handle(request('/pets')));
    expect(event).toMatchObject({ rawPath: '/live/pets', stageVariables: { colour: 'blue' } });
  });
});

describe('the answer of an HTTP API', () => {
  async function answerTo(returned: unknown): Promise<ApiResponse> {
    const { api } = startApi({ functions: { handler: () => returned } });
    return api.handle(request('/'));
  }

  it('is the function’s response', async () => {
    const response = await answerTo({
      statusCode: 201,
      headers: { 'X-Thing': 'yes', 'content-length': '999' },
      cookies: ['a=1', 'b=2'],
      body: 'hello',
    });
    expect(response).toMatchObject({ status: 201, body: 'hello' });
    expect(response.headers.filter(([name]) => name !== 'apigw-requestid')).toEqual([
      ['x-thing', 'yes'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-type', 'text/plain;charset=UTF-8'],
    ]);
  });

  it('decodes a body in base64', async () => {
    const response = await answerTo({ statusCode: 200, body: 'AAE=', isBase64Encoded: true });
    expect(response.body).toEqual(Buffer.from([0, 1]));
  });

  it.each([
    [{ hello: 'world' }, '{"hello":"world"}'],
    ['Hello from Lambda!', 'Hello from Lambda!'],
    [[1, 2], '[1,2]'],
  ])('is a 200 with a JSON body for a result without a status', async (returned, body) => {
    const response = await answerTo(returned);
    expect(response).toMatchObject({ status: 200, body });
    expect(header(response, 'content-type')).toBe('application/json');
  });

  it.each([
    [{ statusCode: 200, body: { not: 'text' } }],
    [{ statusCode: 'many' }],
    [{ statusCode: 200, headers: 'x' }],
  ])('is 500 for a malformed response', async (returned) => {
    const response = await answerTo(returned);
    expect([response.status, json(response)]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('is 500 when the function fails', async () => {
    const { api } = startApi({
      functions: {
        handler: () => {
          throw new Error('secret detail');
        },
      },
    });
    const response = await api.handle(request('/'));
    expect([response.status, json(response)]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('is 500 when the API may not invoke the function', async () => {
    const { api, host } = startApi({ allowed: false });
    expect((await api.handle(request('/'))).status).toBe(500);
    expect(host.invocations).toHaveLength(0);
  });

  it('is 503 when the integration takes too long', async () => {
    const { api } = startApi({
      integration: { TimeoutInMillis: 50 },
      functions: { handler: () => new Promise(() => undefined) },
    });
    const response = await api.handle(request('/'));
    expect([response.status, json(response)]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('is 404 without a route, 413 for a large body, 431 for large headers, 400 for a path that cannot be decoded', async () => {
    const { api } = startApi({ routes: { 'POST /one': {} } });
    const statusOf = async (sent: ApiRequest): Promise<number> => (await api.handle(sent)).status;
    expect(await statusOf(request('/one'))).toBe(404);
    expect(await statusOf(request('/one', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) }))).toBe(413);
    expect(await statusOf(request('/one', { method: 'POST', headers: { long: 'x'.repeat(10_240) } }))).toBe(431);
    expect(await statusOf(request('/%E0%A4%A'))).toBe(400);
  });
});

describe('a Lambda authorizer of an HTTP API', () => {
  function guarded(settings: object, authorize: TestFunction, routes: Record<string, object> = { 'GET /a': {} }) {
    const guard = { AuthorizationType: 'CUSTOM', AuthorizerId: 'authorizer' };
    return startApi({
      routes: Object.fromEntries(Object.entries(routes).map(([key, value]) => [key, { ...guard, ...value }])),
      functions: { authorize },
      resources: [
        resource('authorizer', 'AWS::ApiGatewayV2::Authorizer', {
          ApiId: 'api',
          AuthorizerType: 'REQUEST',
          AuthorizerPayloadFormatVersion: '2.0',
          AuthorizerUri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${functionArn('authorize')}/invocations`,
          IdentitySource: ['$request.header.Authorization'],
          EnableSimpleResponses: true,
          ...settings,
        }),
      ],
    });
  }
  const withToken = (path: string, token = 'token') => request(path, { headers: { authorization: token } });

  it('passes its context to the function', async () => {
    const { api, host } = guarded({}, () => ({ isAuthorized: true, context: { user: 'ada', roles: ['admin'] } }));
    const event = json(await api.handle(withToken('/a')));
    expect(event).toMatchObject({ requestContext: { authorizer: { lambda: { user: 'ada', roles: ['admin'] } } } });
    expect(host.invocations[0]?.event).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:eu-central-1:000000000000:api/$default/GET/a',
      identitySource: ['token'],
      routeKey: 'GET /a',
    });
    expect(host.invocations[0]?.event).not.toHaveProperty('body');
  });

  it('is not invoked when an identity source is missing: 401', async () => {
    const { api, host } = guarded({}, () => ({ isAuthorized: true }));
    const response = await api.handle(request('/a'));
    expect([response.status, json(response)]).toEqual([401, { message: 'Unauthorized' }]);
    expect(host.invocations).toHaveLength(0);
  });

  it.each([
    ['says no', () => ({ isAuthorized: false }), 403, 'Forbidden'],
    ['fails', () => Promise.reject(new Error('broken')), 500, 'Internal Server Error'],
    ['fails with "Unauthorized"', () => Promise.reject(new Error('Unauthorized')), 401, 'Unauthorized'],
    ['answers nonsense', () => 'yes', 500, 'Internal Server Error'],
    ['answers with a policy where a simple answer is due', () => ({ principalId: 'x' }), 500, 'Internal Server Error'],
  ])('rejects the request when it %s', async (_what, authorize, status, message) => {
    const { api, host } = guarded({}, authorize);
    const response = await api.handle(withToken('/a'));
    expect([response.status, json(response)]).toEqual([status, { message }]);
    expect(host.invocations.map(({ functionName }) => functionName)).toEqual(['authorize']);
  });

  const policy = (Effect: string, Resource: string) => ({
    principalId: 'ada',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  });

  it.each([
    ['Allow', 'arn:aws:execute-api:eu-central-1:000000000000:api/*/GET/a', 200],
    ['Allow', 'arn:aws:execute-api:eu-central-1:000000000000:api/*/GET/b', 403],
    ['Deny', '*', 403],
  ])('decides by its policy: %s %s', async (effect, arn, status) => {
    const { api } = guarded({ EnableSimpleResponses: false }, () => policy(effect, arn));
    expect((await api.handle(withToken('/a'))).status).toBe(status);
  });

  it('is invoked again only when its cached answer has expired, whatever the route', async () => {
    const { api, host, passTime } = guarded({ AuthorizerResultTtlInSeconds: 60 }, () => ({ isAuthorized: true }), {
      'GET /a': {},
      'GET /b': {},
    });
    const asked = () => host.invocations.filter(({ functionName }) => functionName === 'authorize').length;
    await api.handle(withToken('/a'));
    await api.handle(withToken('/b'));
    expect(asked()).toBe(1);
    await api.handle(withToken('/a', 'another'));
    expect(asked()).toBe(2);
    passTime(60_000);
    await api.handle(withToken('/a'));
    expect(asked()).toBe(3);
  });

  it('applies a cached policy to each route separately', async () => {
    const { api, host } = guarded(
      { AuthorizerResultTtlInSeconds: 60, EnableSimpleResponses: false },
      () => policy('Allow', '*/GET/a'),
      { 'GET /a': {}, 'GET /b': {} },
    );
    expect((await api.handle(withToken('/a'))).status).toBe(200);
    expect((await api.handle(withToken('/b'))).status).toBe(403);
    expect(host.invocations.filter(({ functionName }) => functionName === 'authorize')).toHaveLength(1);
  });
});

describe('a cross-origin request to an HTTP API', () => {
  const CorsConfiguration = {
    AllowOrigins: ['https://chat.example'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization'],
    ExposeHeaders: ['x-request-id'],
    MaxAge: 600,
    AllowCredentials: true,
  };
  const preflight = (origin: string) =>
    request('/a', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  const allowed = {
    'access-control-allow-origin': 'https://chat.example',
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'authorization',
    'access-control-max-age': '600',
    'access-control-allow-credentials': 'true',
  };

  it('is answered by the gateway when it is a preflight without a route', async () => {
    const { api, host } = startApi({ api: { CorsConfiguration }, routes: { 'POST /a': {} } });
    const response = await api.handle(preflight('https://chat.example'));
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject(allowed);
    expect(host.invocations).toHaveLength(0);
  });

  it('is answered by the function when it is a preflight with a route', async () => {
    const handler = () => ({ statusCode: 405, body: '' });
    const { api } = startApi({ api: { CorsConfiguration }, routes: { $default: {} }, functions: { handler } });
    const response = await api.handle(preflight('https://chat.example'));
    expect(response.status).toBe(405);
    expect(Object.fromEntries(response.headers)).toMatchObject(allowed);
  });

  it('has no CORS headers for another origin', async () => {
    const { api } = startApi({ api: { CorsConfiguration } });
    const response = await api.handle(preflight('https://evil.example'));
    expect(response.headers.some(([name]) => name.startsWith('access-control-'))).toBe(false);
  });

  it("has the API's headers instead of the function's", async () => {
    const handler = () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '' });
    const { api } = startApi({ api: { CorsConfiguration }, functions: { handler } });
    const response = await api.handle(request('/a', { headers: { origin: 'https://chat.example' } }));
    expect(response.headers.filter(([name]) => name === 'access-control-allow-origin')).toEqual([
      ['access-control-allow-origin', 'https://chat.example'],
    ]);
    expect(header(response, 'access-control-expose-headers')).toBe('x-request-id');
  });
});

describe('throttling of an HTTP API', () => {
  it('answers 429 above the burst of a route until its bucket fills again', async () => {
    const { api, passTime } = startApi({
      routes: { 'GET /slow': {}, 'GET /fast': {} },
      stage: {
        DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 3 },
        RouteSettings: { 'GET /slow': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } },
      },
    });
    const statuses = async (path: string, count: number): Promise<number[]> =>
      Promise.all(Array.from({ length: count }, async () => (await api.handle(request(path))).status));
    expect(await statuses('/slow', 2)).toEqual([200, 429]);
    expect(await statuses('/fast', 4)).toEqual([200, 200, 200, 429]);
    passTime(1_000);
    expect(await statuses('/slow', 2)).toEqual([200, 429]);
  });

  it('answers 429 when the account’s quota is exhausted, even if the stage allows more', async () => {
    const { api } = startApi({ routes: { 'GET /a': {} }, account: accountThrottle({ perSecond: 0, burst: 2 }) });
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push((await api.handle(request('/a'))).status);
    expect(answers).toEqual([200, 200, 429]);
  });
});
