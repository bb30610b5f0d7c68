import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectionsService } from '../api/connections-service.ts';
import { FrameSizes } from '../api/frame-sizes.ts';
import { createWebSocketApi } from '../api/websocket-api.ts';
import type { WebSocketApi } from '../api/websocket-api.ts';
import { accountThrottle } from '../api/throttle.ts';
import type { ConnectionLimits } from '../api/websocket-connections.ts';
import type { Resource, ServiceResponse } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { assemblyOf, functionArn, resource } from './assembly-of.ts';
import { inProcessHost } from './in-process-host.ts';
import type { TestFunction } from './in-process-host.ts';

interface SocketEvent {
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly requestContext: Record<string, unknown> & { readonly connectionId: string };
}

interface Setup {
  readonly routes?: Readonly<Record<string, (event: SocketEvent) => unknown>>;
  readonly authorizer?: (event: SocketEvent) => unknown;
  readonly identitySource?: readonly string[];
  readonly responding?: readonly string[];
  readonly faults?: FaultPlan;
  readonly limits?: Partial<ConnectionLimits>;
  readonly account?: () => boolean;
  readonly stage?: object;
}

const started: { api: WebSocketApi; server: Server }[] = [];
const accepted = { statusCode: 200 };

afterEach(async () => {
  for (const { api, server } of started.splice(0)) {
    await api.stop();
    server.closeAllConnections();
    server.close();
  }
});

async function startApi(setup: Setup = {}) {
  const routes = { $connect: () => accepted, $disconnect: () => accepted, ...setup.routes };
  const functions: Record<string, TestFunction> = {};
  const resources: Resource[] = [
    resource('socket', 'AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
    resource('stage', 'AWS::ApiGatewayV2::Stage', { ApiId: 'socket', StageName: 'live', ...setup.stage }),
  ];
  for (const [RouteKey, handler] of Object.entries(routes)) {
    const name = RouteKey.replace(/\W/g, '_');
    functions[name] = handler;
    const guarded = RouteKey === '$connect' && setup.authorizer !== undefined;
    const responds = setup.responding?.includes(RouteKey) === true;
    resources.push(
      resource(`to-${name}`, 'AWS::ApiGatewayV2::Integration', {
        ApiId: 'socket',
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionArn(name),
      }),
      resource(`route-${name}`, 'AWS::ApiGatewayV2::Route', {
        ApiId: 'socket',
        RouteKey,
        Target: `integrations/to-${name}`,
        ...(guarded ? { AuthorizationType: 'CUSTOM', AuthorizerId: 'authorizer' } : {}),
        ...(responds ? { RouteResponseSelectionExpression: '$default' } : {}),
      }),
    );
    if (responds) {
      resources.push(
        resource('response', 'AWS::ApiGatewayV2::RouteResponse', { ApiId: 'socket', RouteId: `route-${name}` }),
      );
    }
  }
  if (setup.authorizer !== undefined) {
    functions['authorize'] = setup.authorizer;
    resources.push(
      resource('authorizer', 'AWS::ApiGatewayV2::Authorizer', {
        ApiId: 'socket',
        AuthorizerType: 'REQUEST',
        AuthorizerUri: functionArn('authorize'),
        IdentitySource: setup.identitySource ?? [],
      }),
    );
  }
  const assembly = assemblyOf(resources);
  const host = inProcessHost(functions);
  let time = Date.now();
  const api = createWebSocketApi({
    assembly,
    api: resources[0] as Resource,
    host,
    permission: () => ({ allowed: true, reason: '' }),
    now: () => time,
    ...(setup.faults === undefined ? {} : { faults: setup.faults }),
    ...(setup.limits === undefined ? {} : { limits: setup.limits }),
    ...(setup.account === undefined ? {} : { account: setup.account }),
  });
  const server = createServer();
  server.on('upgrade', (incoming, socket, head) => {
    const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
    const headers = incoming.headers as Record<string, string>;
    const request = { method: 'GET', path, query, headers, body: Buffer.alloc(0), sourceIp: '192.0.2.7', protocol: '' };
    void api.upgrade(request, incoming, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  started.push({ api, server });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  const service = connectionsService([api], setup.account);
  const manage = (method: string, connectionId: string, body = ''): Promise<ServiceResponse> =>
    service({
      operation: 'PostToConnection',
      method,
      path: `/socket/live/@connections/${encodeURIComponent(connectionId)}`,
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(body),
      input: {},
      caller: undefined,
    });
  return { api, host, url, manage, passTime: (ms: number) => (time += ms) };
}

async function open(url: string, ...rest: [protocols?: string[], options?: object]): Promise<WebSocket> {
  const client = new WebSocket(url, rest[0] ?? [], rest[1]);
  await once(client, 'open');
  return client;
}

async function refusal(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const client = new WebSocket(url);
  client.on('error', () => undefined);
  const [, response] = (await once(client, 'unexpected-response')) as [
    unknown,
    { statusCode: number } & AsyncIterable<Buffer>,
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> };
}

async function nextMessage(client: WebSocket): Promise<string> {
  const [data] = (await once(client, 'message')) as [Buffer];
  return data.toString();
}

async function closing(client: WebSocket): Promise<number> {
  const [code] = (await once(client, 'close')) as [number];
  return code;
}

function signal<Value = void>() {
  return Promise.withResolvers<Value>();
}

const policy = (Effect: string) => ({
  principalId: 'ada',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: '*' }] },
  context: { tenant: 'demo', level: 3, staff: false },
});

describe('a handshake', () => {
  it('opens the connection only after $connect has returned', async () => {
    const gate = signal();
    const begun = signal();
    const { url } = await startApi({
      routes: {
        $connect: async () => {
          begun.resolve();
          await gate.promise;
          return accepted;
        },
      },
    });
    const client = new WebSocket(url);
    await begun.promise;
    expect(client.readyState).toBe(WebSocket.CONNECTING);
    gate.resolve();
    await once(client, 'open');
    client.terminate();
  });

  it('passes headers, query and connection to $connect', async () => {
    const { url, host } = await startApi();
    const client = await open(`${url}?token=a%20b&x=1&x=2`, ['bearer.token'], {
      headers: { 'X-Thing': 'yes', 'User-Agent': 'test' },
    }).catch((error: Error) => error);
    // This function does not confirm the client's subprotocol.
    expect(client).toBeInstanceOf(Error);
    expect(host.invocations[0]?.event).toMatchObject({
      headers: {
        Host: 'socket.execute-api.eu-central-1.amazonaws.com',
        'Sec-WebSocket-Protocol': 'bearer.token',
        'X-Thing': 'yes',
      },
      multiValueHeaders: { 'X-Thing': ['yes'] },
      queryStringParameters: { token: 'a b', x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      requestContext: {
        routeKey: '$connect',
        eventType: 'CONNECT',
        messageDirection: 'IN',
        stage: 'live',
        apiId: 'socket',
        domainName: 'socket.execute-api.eu-central-1.amazonaws.com',
        identity: { sourceIp: '192.0.2.7', userAgent: 'test' },
        connectionId: expect.stringMatching(/^[A-Za-z0-9_-]{15}=$/) as string,
        connectedAt: expect.any(Number) as number,
        requestTimeEpoch: expect.any(Number) as number,
      },
      isBase64Encoded: false,
    });
  });

  it('confirms the subprotocol that $connect names, not the one with the token', async () => {
    const { url } = await startApi({
      routes: { $connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } }) },
    });
    const client = await open(url, ['bearer.token', 'chat.v1']);
    expect(client.protocol).toBe('chat.v1');
    client.terminate();
  });

  it('is rejected with the status and body of $connect', async () => {
    const { url } = await startApi({ routes: { $connect: () => ({ statusCode: 429, body: '{"code":"BUSY"}' }) } });
    expect(await refusal(url)).toEqual({ status: 429, body: { code: 'BUSY' } });
  });

  it('is rejected with 502 when $connect fails', async () => {
    const { url } = await startApi({ routes: { $connect: () => Promise.reject(new Error('broken')) } });
    expect(await refusal(url)).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
  });

  it('is rejected on paths other than the stage’s', async () => {
    const { url } = await startApi();
    expect(await refusal(`${url}/more`)).toEqual({ status: 403, body: { message: 'Forbidden' } });
  });

  it('is rejected above the limit of new connections a second', async () => {
    const { url, passTime } = await startApi({ limits: { newConnectionsPerSecond: 2 } });
    const clients = [await open(url), await open(url)];
    expect((await refusal(url)).status).toBe(429);
    passTime(1_000);
    clients.push(await open(url));
    for (const client of clients) client.terminate();
  });
});

describe('the authorizer of $connect', () => {
  it('is invoked once, at the handshake, and its context is in every event', async () => {
    const { url, host } = await startApi({
      authorizer: () => policy('Allow'),
      routes: { $default: (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext['authorizer']) }) },
      responding: ['$default'],
    });
    const client = await open(url);
    client.send('{}');
    const context = JSON.parse(await nextMessage(client)) as object;
    expect(context).toMatchObject({ principalId: 'ada', tenant: 'demo', level: '3', staff: 'false' });
    expect(host.invocations.filter(({ functionName }) => functionName === 'authorize')).toHaveLength(1);
    expect(host.invocations[0]?.event).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:eu-central-1:000000000000:socket/live/$connect',
      queryStringParameters: {},
    });
    client.terminate();
  });

  it.each([
    ['denies', () => policy('Deny'), 403],
    ['fails', () => Promise.reject(new Error('broken')), 500],
    ['fails with "Unauthorized"', () => Promise.reject(new Error('Unauthorized')), 401],
    ['answers nonsense', () => ({ isAuthorized: true }), 500],
    ['puts a list into its context', () => ({ ...policy('Allow'), context: { roles: ['a'] } }), 500],
  ])('rejects the handshake when it %s, and $connect is not invoked', async (_what, authorizer, status) => {
    const { url, host } = await startApi({ authorizer });
    expect((await refusal(url)).status).toBe(status);
    expect(host.invocations.map(({ functionName }) => functionName)).toEqual(['authorize']);
  });

  it('receives the page’s origin and can decide by it', async () => {
    const { url } = await startApi({
      authorizer: ({ headers }) => policy(headers['Origin'] === 'https://chat.example' ? 'Allow' : 'Deny'),
    });
    const client = await open(url, [], { origin: 'https://chat.example' });
    client.terminate();
    for (const origin of ['https://chat.example.evil.example', 'null', undefined]) {
      const foreign = new WebSocket(url, origin === undefined ? {} : { origin });
      foreign.on('error', () => undefined);
      const [, response] = (await once(foreign, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode).toBe(403);
    }
  });

  it('is not invoked when an identity source is missing', async () => {
    const { url, host } = await startApi({
      authorizer: () => policy('Allow'),
      identitySource: ['route.request.querystring.token'],
    });
    expect((await refusal(url)).status).toBe(401);
    expect(host.invocations).toHaveLength(0);
    const client = await open(`${url}?token=t`);
    client.terminate();
  });
});

describe('a frame', () => {
  const echo = (event: SocketEvent) => ({
    statusCode: 200,
    body: `${String(event.requestContext['routeKey'])} ${event.body}`,
  });

  it.each([
    ['{"action":"send","text":"x"}', 'send {"action":"send","text":"x"}'],
    ['{"action":"unknown"}', '$default {"action":"unknown"}'],
    ['{"action":"$connect"}', '$default {"action":"$connect"}'],
    ['not JSON', '$default not JSON'],
    ['null', '$default null'],
  ])('goes to the route of its action, or to $default: %s', async (frame, answer) => {
    const routes = { send: echo, $default: echo };
    for (const responding of ['send', '$default']) {
      const { url } = await startApi({ routes, responding: [responding] });
      const client = await open(url);
      if (answer.startsWith(responding)) {
        client.send(frame);
        expect(await nextMessage(client)).toBe(answer);
      }
      client.terminate();
    }
  });

  it('has no answer from a route without a route response, unless it fails', async () => {
    const { url } = await startApi({
      routes: { quiet: () => ({ statusCode: 500, body: 'unheard' }), loud: () => null },
    });
    const client = await open(url);
    client.send('{"action":"quiet"}');
    client.send('{"action":"loud"}');
    expect(JSON.parse(await nextMessage(client))).toEqual({
      message: 'Internal server error',
      connectionId: expect.stringMatching(/=$/) as string,
      requestId: expect.any(String) as string,
    });
    client.terminate();
  });

  it('is forbidden when no route matches', async () => {
    const { url } = await startApi();
    const client = await open(url);
    client.send('{"action":"send"}');
    expect(JSON.parse(await nextMessage(client))).toMatchObject({ message: 'Forbidden' });
    client.terminate();
  });

  it('is processed without waiting for the previous frame', async () => {
    const both = signal();
    let inside = 0;
    const { url } = await startApi({
      routes: {
        $default: async () => {
          inside += 1;
          if (inside === 2) both.resolve();
          await both.promise;
          return { statusCode: 200, body: 'met' };
        },
      },
      responding: ['$default'],
    });
    const client = await open(url);
    client.send('1');
    client.send('2');
    expect(await nextMessage(client)).toBe('met');
    client.terminate();
  });

  it('is overtaken by a later frame when the fault plan delays it', async () => {
    const { url, host } = await startApi({
      routes: { $default: (event) => ({ statusCode: 200, body: event.body }) },
      responding: ['$default'],
      faults: { onFrame: (_connectionId, frame) => (frame === 'first' ? 30 : undefined) },
    });
    const client = await open(url);
    client.send('first');
    client.send('second');
    expect(await nextMessage(client)).toBe('second');
    expect(await nextMessage(client)).toBe('first');
    const frames = host.invocations.map(({ event }) => event['body']).filter((body) => body !== null);
    expect(frames).toEqual(['second', 'first']);
    client.terminate();
  });

  it('shares the account’s quota with handshakes and posts to clients', async () => {
    const { url, manage, host } = await startApi({
      routes: { $connect: () => accepted, $default: () => accepted },
      account: accountThrottle({ perSecond: 0, burst: 3 }),
    });
    const client = await open(url);
    const [connect] = host.invocations;
    const { connectionId } = connect?.event['requestContext'] as { connectionId: string };
    expect((await manage('POST', connectionId, 'one')).status).toBe(200);
    await nextMessage(client);
    client.send('frame');
    await expect.poll(() => host.invocations.length).toBe(2);
    const beyond = await manage('POST', connectionId, 'two');
    expect([beyond.status, beyond.headers['x-amzn-errortype']]).toEqual([429, 'LimitExceededException']);
    expect((await refusal(url)).status).toBe(429);
    client.send('frame');
    expect(JSON.parse(await nextMessage(client))).toMatchObject({ message: 'Too Many Requests' });
    client.terminate();
  });

  it('ends the connection with 1003 if it is binary', async () => {
    const { url } = await startApi({ routes: { $default: () => accepted } });
    const client = await open(url);
    client.send(Buffer.from([1, 2, 3]));
    expect(await closing(client)).toBe(1003);
  });

  it('is rejected above the throttle of its route', async () => {
    const { url } = await startApi({
      routes: { $default: () => accepted },
      stage: { RouteSettings: { $default: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } } },
    });
    const client = await open(url);
    client.send('1');
    client.send('2');
    expect(JSON.parse(await nextMessage(client))).toMatchObject({ message: 'Too Many Requests' });
    client.terminate();
  });
});

describe('a connection', () => {
  const routes = { $default: (event: SocketEvent) => ({ statusCode: 200, body: String(event.body.length) }) };

  it('accepts a frame of 32 KB and closes with 1009 on a larger one', async () => {
    const { url } = await startApi({ routes, responding: ['$default'] });
    const client = await open(url);
    client.send('x'.repeat(32 * 1024));
    expect(await nextMessage(client)).toBe('32768');
    client.send('x'.repeat(32 * 1024 + 1));
    expect(await closing(client)).toBe(1009);
  });

  it('accepts a message of 128 KB in frames and closes with 1009 on a larger one', async () => {
    const { url } = await startApi({ routes, responding: ['$default'] });
    const client = await open(url);
    const frame = 'x'.repeat(32 * 1024);
    for (const fin of [false, false, false, true]) client.send(frame, { fin });
    expect(await nextMessage(client)).toBe('131072');
    for (const fin of [false, false, false, false]) client.send(frame, { fin });
    client.send('x', { fin: true });
    expect(await closing(client)).toBe(1009);
  });

  it('ends after ten minutes without a frame or ping', async () => {
    const { api, url, passTime, host } = await startApi();
    const client = await open(url);
    passTime(9 * 60_000);
    client.ping();
    await once(client, 'pong');
    passTime(9 * 60_000);
    api.connections.sweep();
    expect(client.readyState).toBe(WebSocket.OPEN);
    passTime(60_000);
    api.connections.sweep();
    expect(await closing(client)).toBe(1001);
    await api.stop();
    expect(host.invocations.at(-1)?.event).toMatchObject({ requestContext: { disconnectStatusCode: 1001 } });
  });

  it('ends after two hours, even if it is active', async () => {
    const { api, url, passTime } = await startApi();
    const client = await open(url);
    for (let minutes = 0; minutes < 117; minutes += 9) {
      passTime(9 * 60_000);
      client.ping();
      await once(client, 'pong');
      api.connections.sweep();
      expect(client.readyState).toBe(WebSocket.OPEN);
    }
    passTime(3 * 60_000);
    api.connections.sweep();
    expect(await closing(client)).toBe(1001);
  });

  it('detects a frame that is too large, wherever its header is divided', () => {
    const header = Buffer.from([0x81, 0x80 | 126, 0x80, 0x01, 1, 2, 3, 4]);
    const small = Buffer.concat([Buffer.from([0x81, 0x85, 1, 2, 3, 4]), Buffer.from('12345')]);
    const stream = Buffer.concat([small, small, header]);
    for (let cut = 1; cut < stream.length - 4; cut += 1) {
      const sizes = new FrameSizes(32 * 1024);
      const seen = [sizes.exceededBy(stream.subarray(0, cut)), sizes.exceededBy(stream.subarray(cut))];
      expect(seen.filter(Boolean)).toHaveLength(1);
    }
  });
});

describe('$disconnect', () => {
  async function disconnection(setup: Setup, leave: (client: WebSocket) => void) {
    const left = signal<SocketEvent>();
    const { url } = await startApi({
      ...setup,
      routes: {
        $disconnect: (event) => {
          left.resolve(event);
          return accepted;
        },
      },
    });
    leave(await open(url));
    return left.promise;
  }

  it('has the code and reason of the client’s close', async () => {
    const event = await disconnection({}, (client) => client.close(4001, 'bye'));
    expect(event.requestContext).toMatchObject({
      eventType: 'DISCONNECT',
      routeKey: '$disconnect',
      disconnectStatusCode: 4001,
      disconnectReason: 'bye',
    });
  });

  it('has code 1006 for a killed client', async () => {
    const event = await disconnection({}, (client) => client.terminate());
    expect(event.requestContext).toMatchObject({ disconnectStatusCode: 1006 });
  });

  it('is dropped when the fault plan requires it', async () => {
    const { api, url, host } = await startApi({ faults: { dropDisconnect: () => true } });
    const client = await open(url);
    client.close();
    await once(client, 'close');
    await api.stop();
    expect(host.invocations.map(({ functionName }) => functionName)).toEqual(['_connect']);
  });
});

describe('@connections', () => {
  async function connected(setup: Setup = {}) {
    const api = await startApi(setup);
    const client = await open(api.url);
    const [connection] = api.api.connections.all();
    if (connection === undefined) throw new Error('The connection is not open.');
    return { ...api, client, connectionId: connection.connectionId };
  }

  it('delivers a message', async () => {
    const { manage, client, connectionId } = await connected();
    const message = nextMessage(client);
    expect((await manage('POST', connectionId, '{"type":"hé"}')).status).toBe(200);
    expect(await message).toBe('{"type":"hé"}');
    client.terminate();
  });

  it('answers 410 with GoneException for a closed or unknown connection', async () => {
    const { manage, client, connectionId, api } = await connected();
    client.close();
    await once(client, 'close');
    await api.stop();
    for (const id of [connectionId, 'AAAAAAAAAAAAAAA=']) {
      for (const method of ['POST', 'GET', 'DELETE']) {
        const response = await manage(method, id, 'x');
        expect([response.status, response.headers['x-amzn-errortype']]).toEqual([410, 'GoneException']);
      }
    }
  });

  it('answers 400 for a malformed id', async () => {
    const { manage } = await startApi();
    for (const id of ['', 'unknown', 'cjy8i76bx002884le6n17d49b', 'a/b']) {
      const response = await manage('POST', id, 'x');
      expect([id, response.status, response.headers['x-amzn-errortype']]).toEqual([id, 400, 'BadRequestException']);
    }
  });

  it('answers 410 until $connect has returned', async () => {
    const early = signal<Promise<ServiceResponse>>();
    const setup = await startApi({
      routes: {
        $connect: async (event) => {
          const post = setup.manage('POST', event.requestContext.connectionId, 'too early');
          early.resolve(post);
          await post;
          return accepted;
        },
      },
    });
    const client = await open(setup.url);
    expect((await early.promise).status).toBe(410);
    const [connection] = setup.api.connections.all();
    const message = nextMessage(client);
    expect((await setup.manage('POST', connection?.connectionId ?? '', 'now')).status).toBe(200);
    expect(await message).toBe('now');
    client.terminate();
  });

  it('answers 413 for more than 128 KB', async () => {
    const { manage, client, connectionId } = await connected();
    expect((await manage('POST', connectionId, 'x'.repeat(128 * 1024))).status).toBe(200);
    expect((await manage('POST', connectionId, 'x'.repeat(128 * 1024 + 1))).status).toBe(413);
    client.terminate();
  });

  it('answers 429 when the client does not read', async () => {
    const { manage, client, connectionId } = await connected({ limits: { clientBufferBytes: 256 * 1024 } });
    client.pause();
    const statuses = new Set<number>();
    for (let sent = 0; sent < 400 && !statuses.has(429); sent += 1) {
      const response = await manage('POST', connectionId, 'x'.repeat(100 * 1024));
      statuses.add(response.status);
      if (response.status === 429) expect(response.headers['x-amzn-errortype']).toBe('LimitExceededException');
    }
    expect([...statuses]).toEqual([200, 429]);
    client.terminate();
  });

  it('describes a connection and closes it', async () => {
    const { manage, client, connectionId } = await connected();
    const about = await manage('GET', connectionId);
    expect(JSON.parse(about.body.toString())).toEqual({
      connectedAt: expect.stringMatching(/Z$/) as string,
      lastActiveAt: expect.stringMatching(/Z$/) as string,
      identity: { sourceIp: '192.0.2.7' },
    });
    const closed = closing(client);
    expect((await manage('DELETE', connectionId)).status).toBe(204);
    expect((await manage('POST', connectionId, 'x')).status).toBe(410);
    expect(await closed).toBe(1000);
  });
});
