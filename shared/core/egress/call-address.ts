import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as encrypt, type TLSSocket } from 'node:tls';
import { isPublicAddress, isSameAddress } from './address-rules.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { type Network, systemNetwork } from './network.ts';
import { type EgressError, errorOfCode } from './network-error-rules.ts';
import { hostOf, isIpLiteral, judgeUrl, portOf } from './url-rules.ts';

export interface EgressLimits {
  /** Milliseconds to resolve the name and to open the connection, encryption included. */
  readonly connectMs: number;
  /** Milliseconds from the start to the end of the answer. */
  readonly totalMs: number;
  readonly answerBytes: number;
}

export const defaultLimits: EgressLimits = { connectMs: 5000, totalMs: 15_000, answerBytes: 64 * 1024 };

export interface EgressCall {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Names in lower case. `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly limits?: Partial<EgressLimits>;
  readonly policy: EgressPolicy;
}

export type EgressAnswer =
  | {
      readonly answered: true;
      /** A redirect is an answer like others. */
      readonly status: number;
      readonly headers: IncomingMessage['headers'];
      readonly body: Buffer;
    }
  /** `too-large` has a status: the answer began. */
  | { readonly answered: false; readonly error: EgressError; readonly status?: number };

const http = process.getBuiltinModule('node:http');

/**
 * Calls an address that a tenant named, over a connection of its own, without a proxy and without cookies.
 *
 * Resolves the name once, and refuses it if one of its addresses is not public. Connects to one of these addresses, and
 * checks before the first byte that the connection leads there. So a name that changes its addresses meanwhile
 * (DNS rebinding) has no effect. https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export async function callAddress(call: EgressCall, network: Network = systemNetwork): Promise<EgressAnswer> {
  const limits = { ...defaultLimits, ...call.limits };
  const url = judgeUrl(call.url, call.policy);
  if (typeof url === 'string') return failure('blocked');
  const opened = new OpenedSockets();
  const total = timeLimit(limits.totalMs);
  try {
    const connected = timeLimit(limits.connectMs);
    const socket = await Promise.race([open(url, call.policy, network, opened), connected.over, total.over]).finally(
      connected.clear,
    );
    if (typeof socket === 'string') return failure(socket);
    return await Promise.race([exchange(socket, url, call, limits), total.over.then(failure)]);
  } catch (error) {
    return failure(errorOfCode((error as NodeJS.ErrnoException).code));
  } finally {
    total.clear();
    opened.close();
  }
}

/** Sockets of one call. Also closes those that are opened after its end. */
class OpenedSockets {
  readonly #sockets: Socket[] = [];
  #isClosed = false;

  add<Opened extends Socket>(socket: Opened): Opened {
    this.#sockets.push(socket);
    if (this.#isClosed) socket.destroy();
    return socket;
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }
}

function failure(error: EgressError) {
  return { answered: false, error } as const;
}

function timeLimit(milliseconds: number): { readonly over: Promise<'timeout'>; readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), milliseconds);
  });
  return { over, clear: () => clearTimeout(timer) };
}

async function open(
  url: URL,
  { farSides }: EgressPolicy,
  network: Network,
  opened: OpenedSockets,
): Promise<TLSSocket | EgressError> {
  const host = hostOf(url);
  const isFarSide = farSides !== undefined && host.endsWith(`.${farSides.domain}`);
  const target = isFarSide
    ? { address: '127.0.0.1', port: farSides.port }
    : await publicTarget(host, portOf(url), network);
  if (typeof target === 'string') return target;
  if (opened.isClosed) return 'timeout';
  const plain = opened.add(network.connect(target.address, target.port));
  await happens(plain, 'connect');
  if (!isSameAddress(plain.remoteAddress ?? '', target.address)) return 'blocked';
  const socket = opened.add(
    encrypt({
      socket: plain,
      ALPNProtocols: ['http/1.1'],
      // An IP address cannot be a server name: https://datatracker.ietf.org/doc/html/rfc6066#section-3
      ...(isIpLiteral(host) ? { host } : { servername: host }),
      ...(isFarSide ? { ca: farSides.authority } : {}),
    }),
  );
  await happens(socket, 'secureConnect');
  return socket;
}

/** Prefers IPv4, because functions outside of a network with IPv6 cannot call IPv6 addresses. */
async function publicTarget(
  host: string,
  port: number,
  network: Network,
): Promise<{ readonly address: string; readonly port: number } | EgressError> {
  const addresses = isIpLiteral(host) ? [host] : await network.resolve(host);
  if (!addresses.every(isPublicAddress)) return 'blocked';
  const address = addresses.find((each) => !each.includes(':')) ?? addresses[0];
  return address === undefined ? 'dns' : { address, port };
}

function happens(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays, because a later error without a listener ends the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('The connection was closed')));
    socket.once(event, () => resolve());
  });
}

function exchange(socket: TLSSocket, url: URL, call: EgressCall, limits: EgressLimits): Promise<EgressAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      createConnection: () => socket,
      method: call.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...call.headers,
        host: url.host,
        connection: 'close',
        'accept-encoding': 'identity',
        ...(call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.answerBytes) resolve({ ...failure('too-large'), status: response.statusCode ?? 0 });
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          answered: true,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.end(call.body);
  });
}
