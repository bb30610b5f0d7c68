import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { selfSignedCertificate } from './certificate.ts';

/** A request that a function sent to a host outside of AWS. */
export interface FarRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** ISO 8601, by the clock of the machine. */
  readonly at: string;
}

export type FarBehaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  /** Closes the connection in the middle of its answer. */
  | { readonly kind: 'reset' }
  /** Closes connections before they are encrypted. */
  | { readonly kind: 'down' }
  /** Has a certificate of an unknown authority. */
  | { readonly kind: 'wrong-tls' };

/** Servers of other companies, all at one port of this machine, below a domain that is never registered. */
export interface FarSides {
  readonly domain: string;
  /** For functions. */
  readonly environment: Readonly<Record<string, string>>;
  /** Oldest first. */
  requests(host?: string): readonly FarRequest[];
  clear(): void;
  /** A function decides for each request. Without a behaviour, a host answers 204. */
  behave(host: string, behaviour: FarBehaviour | ((request: FarRequest) => FarBehaviour)): void;
  stop(): Promise<void>;
}

/** Reserved: https://datatracker.ietf.org/doc/html/rfc2606#section-3 */
const domain = 'far-side.example';
const mostRequests = 20_000;
const usual: FarBehaviour = { kind: 'answer', status: 204 };

export async function startFarSides(record: (request: FarRequest) => void = () => undefined): Promise<FarSides> {
  const right = selfSignedCertificate(`*.${domain}`);
  const wrong = selfSignedCertificate(`*.${domain}`);
  const behaviours = new Map<string, FarBehaviour | ((request: FarRequest) => FarBehaviour)>();
  const requests: FarRequest[] = [];
  const sockets = new Set<Socket>();
  const settingOf = (host: string) => behaviours.get(host) ?? usual;
  const contextOf = ({ key, certificate }: typeof right) => createSecureContext({ key, cert: certificate });
  const contexts = { right: contextOf(right), wrong: contextOf(wrong) };

  const server: Server = createServer(
    {
      SNICallback: (host, answer) => {
        const setting = settingOf(host);
        const kind = typeof setting === 'function' ? undefined : setting.kind;
        if (kind === 'down') answer(new Error('down'));
        else answer(null, kind === 'wrong-tls' ? contexts.wrong : contexts.right);
      },
    },
    (message, response) => {
      void receive(message).then((request) => {
        requests.push(request);
        if (requests.length > mostRequests) requests.shift();
        record(request);
        const setting = settingOf(request.host);
        respond(typeof setting === 'function' ? setting(request) : setting, response);
      });
    },
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    domain,
    environment: { FAR_SIDES: JSON.stringify({ domain, port, authority: right.certificate }) },
    requests: (host) => requests.filter((request) => host === undefined || request.host === host),
    clear: () => {
      requests.length = 0;
    },
    behave: (host, behaviour) => void behaviours.set(host, behaviour),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function receive(message: IncomingMessage): Promise<FarRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    host: (message.headers.host ?? '').replace(/:\d+$/, ''),
    method: message.method ?? '',
    path: message.url ?? '',
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
    at: new Date().toISOString(),
  };
}

function respond(behaviour: FarBehaviour, response: ServerResponse): void {
  if (behaviour.kind !== 'answer') {
    response.socket?.destroy();
    return;
  }
  const send = () => response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
  if (behaviour.delayMs === undefined) send();
  else setTimeout(send, behaviour.delayMs);
}
