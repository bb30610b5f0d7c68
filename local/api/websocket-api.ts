import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomBytes } from 'node:crypto';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Assembly, FunctionHost, InvocationOutcome, Resource } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import type { ManagedApi } from './connections-service.ts';
import type { ApiRequest } from './exchange.ts';
import { FrameSizes } from './frame-sizes.ts';
import { refuseUpgrade } from './handshake-refusal.ts';
import type { HandshakeRefusal } from './handshake-refusal.ts';
import { belongingTo } from './lambda-targets.ts';
import type { InvokePermission } from './lambda-targets.ts';
import { propertyText } from './property-text.ts';
import { stageThrottle, TokenBucket } from './throttle.ts';
import { traceId } from './trace-id.ts';
import { defaultConnectionLimits, OpenConnections } from './websocket-connections.ts';
import type { Connection, ConnectionLimits } from './websocket-connections.ts';
import { handshakeOf, socketContext } from './websocket-payload.ts';
import type { ConnectionIdentity, Handshake, ApiStage } from './websocket-payload.ts';
import { readSocketRoutes, routeSelection } from './websocket-routes.ts';
import type { SocketRoute } from './websocket-routes.ts';

const frameLimit = 32 * 1024;
const messageLimit = 128 * 1024;
const sweepEveryMs = 5_000;

export interface WebSocketApiOptions {
  readonly assembly: Assembly;
  readonly api: Resource;
  readonly host: FunctionHost;
  readonly permission: InvokePermission;
  readonly faults?: FaultPlan;
  readonly limits?: Partial<ConnectionLimits>;
  readonly account?: () => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface WebSocketApi extends ManagedApi {
  upgrade(request: ApiRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  readonly load: number;
  /** Resolves when no work is in progress. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error for an unsupported property. */
export function createWebSocketApi(options: WebSocketApiOptions): WebSocketApi {
  return new LocalWebSocketApi(options);
}

type Answer = InvocationOutcome | 'timed out' | 'not permitted';

class LocalWebSocketApi implements WebSocketApi {
  readonly id: string;
  readonly stage: string;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly now: () => number;
  readonly #options: WebSocketApiOptions;
  readonly #apiStage: ApiStage;
  readonly #routes: ReadonlyMap<string, SocketRoute>;
  readonly #select: (frame: string) => SocketRoute | undefined;
  readonly #takes: (routeKey: string) => boolean;
  readonly #newConnections: TokenBucket;
  readonly #protocols = new WeakMap<IncomingMessage, string>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #server: WebSocketServer;

  constructor(options: WebSocketApiOptions) {
    const { assembly, api, host, permission } = options;
    this.#options = options;
    this.now = options.now ?? Date.now;
    this.limits = { ...defaultConnectionLimits, ...options.limits };
    this.id = api.physicalId;
    const stage = belongingTo(assembly.ofType('AWS::ApiGatewayV2::Stage'), api.physicalId)[0];
    this.stage = propertyText(stage, 'StageName') ?? '$default';
    this.#apiStage = { assembly, apiId: this.id, stage: this.stage };
    this.#routes = readSocketRoutes(assembly, api, this.stage, host, permission);
    this.#select = routeSelection(
      propertyText(api, 'RouteSelectionExpression') ?? '$request.body.action',
      this.#routes,
    );
    this.#takes = stageThrottle(stage, this.now, options.account);
    const perSecond = this.limits.newConnectionsPerSecond;
    this.#newConnections = new TokenBucket(perSecond, perSecond, this.now);
    this.connections = new OpenConnections(this.limits, this.now);
    this.#sweeper = setInterval(() => this.connections.sweep(), sweepEveryMs);
    this.#sweeper.unref();
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: messageLimit,
      // Only a subprotocol that the function names is confirmed.
      handleProtocols: (_offered, request) => this.#protocols.get(request) ?? false,
    });
  }

  get load(): number {
    return this.#underWay.size;
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#underWay]);
  }

  upgrade(request: ApiRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    return this.#track(this.#upgrade(request, incoming, socket, head));
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    for (const connection of this.connections.all()) connection.socket.close(1001, 'Going away');
    for (const connection of this.connections.all()) this.#closed(connection, 1001, 'Going away');
    await this.idle();
    this.#server.close();
  }

  async #upgrade(request: ApiRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refuse = (refusal: HandshakeRefusal): void => refuseUpgrade(socket, refusal);
    // No other listener handles errors before the handshake's answer.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    if (request.path.replace(/\/$/, '') !== `/${this.stage}`) return refuse({ status: 403, message: 'Forbidden' });
    if (!this.#newConnections.take() || !this.#takes('$connect')) {
      return refuse({ status: 429, message: 'Too Many Requests' });
    }
    const trace = { 'x-amzn-trace-id': traceId() };
    const handshake = handshakeOf(this.#apiStage, { ...request.headers, ...trace }, request.query);
    let identity: ConnectionIdentity = {
      connectionId: OpenConnections.newId(),
      connectedAt: this.now(),
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'],
      authorizer: undefined,
    };
    const route = this.#routes.get('$connect');
    if (route?.authorizer !== undefined) {
      const context = socketContext(this.#apiStage, identity, 'CONNECT', '$connect', requestId());
      const authorization = await route.authorizer(handshake, context);
      if (authorization.kind === 'refused') return refuse(authorization);
      identity = { ...identity, authorizer: authorization.context };
    }
    if (route !== undefined) {
      const answer = await this.#connect(route, identity, handshake);
      if ('refusal' in answer) return refuse(answer.refusal);
      if (answer.protocol !== undefined) this.#protocols.set(incoming, answer.protocol);
    }
    if (socket.destroyed) return;
    socket.off('error', ignore);
    this.#server.handleUpgrade(incoming, socket, head, (client) => this.#opened(client, socket, identity));
  }

  async #connect(
    route: SocketRoute,
    identity: ConnectionIdentity,
    handshake: Handshake,
  ): Promise<{ readonly protocol: string | undefined } | { readonly refusal: HandshakeRefusal }> {
    const id = requestId();
    const requestContext = socketContext(this.#apiStage, identity, 'CONNECT', '$connect', id);
    const answer = await this.#invoke(route, { ...handshake, requestContext, body: null, isBase64Encoded: false });
    const response = responseOf(answer);
    if (response === undefined) {
      const timedOut = answer === 'timed out';
      const message = timedOut ? 'Endpoint request timed out' : 'Internal server error';
      const { connectionId } = identity;
      return { refusal: { status: timedOut ? 504 : 502, message, members: { connectionId, requestId: id } } };
    }
    if (response.status < 200 || response.status > 299) {
      return { refusal: { status: response.status, body: response.body } };
    }
    return { protocol: response.headers['sec-websocket-protocol'] };
  }

  #opened(client: WebSocket, socket: Duplex, identity: ConnectionIdentity): void {
    const connection: Connection = { ...identity, socket: client, lastActiveAt: this.now() };
    const sizes = new FrameSizes(frameLimit);
    socket.prependListener('data', (chunk: Buffer) => {
      if (client.readyState === client.OPEN && sizes.exceededBy(chunk)) client.close(1009, 'Message too long');
    });
    client.on('message', (data: Buffer, isBinary) => {
      // An earlier frame closed the connection.
      if (client.readyState !== client.OPEN) return;
      connection.lastActiveAt = this.now();
      if (isBinary) client.close(1003, 'Binary frames are not supported');
      else void this.#track(this.#message(connection, data.toString('utf8')));
    });
    const active = (): void => void (connection.lastActiveAt = this.now());
    client.on('ping', active);
    client.on('pong', active);
    // `ws` closes the connection with the fitting code.
    client.on('error', () => undefined);
    client.on('close', (code, reason) => this.#closed(connection, code, reason.toString('utf8')));
    this.connections.add(connection);
  }

  /** Frames may overtake one another. */
  async #message(connection: Connection, frame: string): Promise<void> {
    const delay = this.#options.faults?.onFrame?.(connection.connectionId, frame) ?? 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const id = requestId();
    const complain = (message: string): void => {
      if (connection.socket.readyState !== connection.socket.OPEN) return;
      connection.socket.send(JSON.stringify({ message, connectionId: connection.connectionId, requestId: id }));
    };
    const route = this.#select(frame);
    if (route === undefined) return complain('Forbidden');
    if (!this.#takes(route.key)) return complain('Too Many Requests');
    const context = socketContext(this.#apiStage, connection, 'MESSAGE', route.key, id);
    const requestContext = { ...context, messageId: id };
    const answer = await this.#invoke(route, { requestContext, body: frame, isBase64Encoded: false });
    const response = responseOf(answer);
    if (response === undefined) {
      return complain(answer === 'timed out' ? 'Endpoint request timed out' : 'Internal server error');
    }
    if (route.responds && response.body !== '' && connection.socket.readyState === connection.socket.OPEN) {
      connection.socket.send(response.body);
    }
  }

  #closed(connection: Connection, code: number, reason: string): void {
    if (!this.connections.remove(connection.connectionId)) return;
    const route = this.#routes.get('$disconnect');
    // AWS does not guarantee this event.
    if (route === undefined || this.#options.faults?.dropDisconnect?.(connection.connectionId) === true) return;
    const context = socketContext(this.#apiStage, connection, 'DISCONNECT', '$disconnect', requestId());
    const requestContext = { ...context, disconnectStatusCode: code, disconnectReason: reason };
    const headers = handshakeOf(this.#apiStage, {}, '');
    void this.#track(this.#invoke(route, { ...headers, requestContext, isBase64Encoded: false }).then(() => undefined));
  }

  async #invoke(route: SocketRoute, event: object): Promise<Answer> {
    const { host, permission } = this.#options;
    if (!permission(route.functionArn, route.sourceArn).allowed) return 'not permitted';
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'timed out'>((resolve) => {
      timer = setTimeout(() => resolve('timed out'), route.timeoutMs);
    });
    try {
      return await Promise.race([host.invoke(route.functionArn, event, route.key), limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }
}

function requestId(): string {
  return `${randomBytes(11).toString('base64url')}=`;
}

/** An answer without a status is a failure. */
function responseOf(
  answer: Answer,
): { status: number; body: string; headers: Readonly<Record<string, string>> } | undefined {
  if (typeof answer === 'string' || answer.kind !== 'returned') return undefined;
  if (typeof answer.payload !== 'object' || answer.payload === null) return undefined;
  const { statusCode, body, headers } = answer.payload as Record<string, unknown>;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const lower = Object.entries((headers ?? {}) as Record<string, string>).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return { status, body: body ?? '', headers: Object.fromEntries(lower) as Record<string, string> };
}
