import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface CallLimits {
  /** Milliseconds until the connection is open, and encrypted if it is to be. */
  readonly connectionTimeout: number;
  /** Milliseconds from the start to the end of the answer, the wait for a free connection included. */
  readonly requestTimeout: number;
}

/** An import would read all exports, one of which loads Node's `fetch`: a third of the load time of a hot function. */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

const connections = { keepAlive: true, maxSockets: 100 };
const plainAgent = new http.Agent(connections);
const encryptedAgent = new https.Agent(connections);

/**
 * Sends a request and reads the whole answer, over kept connections.
 *
 * @throws Error with the name `TimeoutError` at a limit; Node's error, with its code, for a lost connection. Neither
 *   leaves a request behind.
 */
export function exchange(endpoint: Endpoint, request: HttpRequest, limits: CallLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      host: endpoint.hostname,
      port: endpoint.port,
      method: request.method,
      path: request.path,
      headers: request.headers,
      agent: endpoint.isEncrypted ? encryptedAgent : plainAgent,
    };
    const outgoing = (endpoint.isEncrypted ? https : http).request(options);
    const fail = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
      outgoing.destroy();
    };
    const limit = setTimeout(
      () => fail(timeout(`No answer within ${limits.requestTimeout} ms`)),
      limits.requestTimeout,
    );
    outgoing.on('error', fail);
    outgoing.on('socket', (socket) => {
      if (socket.connecting) limitConnection(socket, endpoint.isEncrypted, limits.connectionTimeout, fail);
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(limit);
        const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
      });
    });
    outgoing.end(request.body);
  });
}

function limitConnection(socket: Socket, isEncrypted: boolean, ms: number, fail: (error: Error) => void): void {
  const limit = setTimeout(() => fail(timeout(`No connection within ${ms} ms`)), ms);
  const clear = (): void => clearTimeout(limit);
  socket.once(isEncrypted ? 'secureConnect' : 'connect', clear);
  socket.once('close', clear);
}

function timeout(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}
