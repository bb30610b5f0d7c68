import { createServer } from 'node:http';
import { namedValues } from '../named-values.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest, ApiResponse } from '../api/exchange.ts';
import type { Edge } from './edge.ts';
import { hostNames } from './host-names.ts';

/** Larger than any API accepts. */
const bodyLimit = 10 * 1024 * 1024 + 1;

/** False if the edge must handle the request. */
export type SideHandler = (message: IncomingMessage, response: ServerResponse) => boolean;

export interface PublicServer {
  readonly port: number;
  /** The server answers 503 until this call. */
  serve(edge: Edge, sideHandler: SideHandler): void;
  stop(): Promise<void>;
}

export class PortTakenError extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} is in use by another program. Choose another port: PORT=${port + 1} npm start`);
    this.name = 'PortTakenError';
    this.port = port;
  }
}

/**
 * Listens on the loopback interface.
 *
 * @param publicUrl origin of a tunnel or proxy whose host name is also accepted.
 * @throws PortTakenError
 */
export async function startPublicServer(port: number, publicUrl?: string): Promise<PublicServer> {
  const names = hostNames(publicUrl);
  let ownOrigin = '';
  let edge: Edge | undefined;
  let sideHandler: SideHandler = () => false;
  // CloudFront's limit for headers and URL.
  const server = createServer({ maxHeaderSize: 32_768, keepAliveTimeout: 65_000, noDelay: true });
  server.on('request', (message, response) => {
    if (!names.isKnown(message.headers)) {
      message.resume();
      return send(response, foreignName(message.headers.host), message.method);
    }
    if (sideHandler(message, response)) return;
    if (edge === undefined) return send(response, starting, message.method);
    void answer(edge, message, response, (given) => withAddresses(given, ownOrigin, names.originOf(message.headers)));
  });
  server.on('upgrade', (message, socket, head) => {
    // The client may leave during its handshake.
    socket.on('error', () => socket.destroy());
    if (!names.isKnown(message.headers)) {
      socket.end('HTTP/1.1 421 Misdirected Request\r\nconnection: close\r\n\r\n');
      return;
    }
    if (edge === undefined) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
      return;
    }
    edge.upgrade(requestOf(message, Buffer.alloc(0)), message, socket, head).catch(() => socket.destroy());
  });
  await listen(server, port);
  const { port: ownPort } = server.address() as AddressInfo;
  ownOrigin = `http://127.0.0.1:${ownPort}`;
  return {
    port: ownPort,
    serve: (newEdge, newSideHandler) => {
      edge = newEdge;
      sideHandler = newSideHandler;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const starting: ApiResponse = {
  status: 503,
  headers: [['retry-after', '1']],
  body: 'The local run is starting.',
};

function foreignName(host: string | undefined): ApiResponse {
  const body =
    `This local run rejects the host name ${JSON.stringify(host ?? '')}. It accepts localhost and 127.0.0.1. ` +
    'To reach it through a tunnel or proxy, start it with PUBLIC_URL=https://<that name> npm start\n';
  return { status: 421, headers: [['content-type', 'text/plain; charset=utf-8']], body };
}

/** Gives file addresses the host name of the request. Functions sign them for the port's own name. */
function withAddresses(response: ApiResponse, ownOrigin: string, origin: string): ApiResponse {
  if (origin === ownOrigin) return response;
  const type = response.headers.find(([name]) => name === 'content-type')?.[1];
  if (type === undefined || !/^application\/(?:[\w.-]+\+)?json\b/.test(type)) return response;
  const text = response.body.toString();
  return text.includes(`${ownOrigin}/`)
    ? { ...response, body: text.replaceAll(`${ownOrigin}/`, `${origin}/`) }
    : response;
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(
  edge: Edge,
  message: IncomingMessage,
  response: ServerResponse,
  complete: (response: ApiResponse) => ApiResponse,
): Promise<void> {
  let body: Buffer;
  try {
    body = await readBody(message);
  } catch {
    // The client left early.
    response.destroy();
    return;
  }
  try {
    send(response, complete(await edge.handle(requestOf(message, body))), message.method);
  } catch (error) {
    console.error(error);
    send(response, { status: 502, headers: [], body: 'The local run failed to handle this request.' }, message.method);
  }
}

/** Discards bytes above the limit. */
async function readBody(message: IncomingMessage): Promise<Buffer> {
  if (message.headers['content-length'] === undefined && message.headers['transfer-encoding'] === undefined) {
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (length >= bodyLimit) continue;
    chunks.push(chunk);
    length += chunk.length;
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function requestOf(message: IncomingMessage, body: Buffer): ApiRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const headers = namedValues<string>();
  for (const name in message.headers) {
    const value = message.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
    sourceIp: (message.socket.remoteAddress ?? '127.0.0.1').replace('::ffff:', ''),
    protocol: `HTTP/${message.httpVersion}`,
  };
}

function send(response: ServerResponse, { status, headers, body }: ApiResponse, method: string | undefined): void {
  const bodyless = status === 204 || status === 304;
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, value);
  if (!bodyless) flat.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length));
  response.writeHead(status, flat);
  response.end(bodyless || method === 'HEAD' ? undefined : body);
}
