import { once } from 'node:events';
import WebSocket from 'ws';

// Works without the client's code, so that tests can send invalid data.

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert on members of many shapes, and a wrong shape fails the assertion
  readonly body: any;
}

export interface HttpRequest {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function call(url: string, method: string, path: string, request: HttpRequest = {}): Promise<HttpAnswer> {
  const hasBody = request.body !== undefined || request.raw !== undefined;
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...request.headers,
    },
    ...(hasBody ? { body: request.raw ?? JSON.stringify(request.body) } : {}),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- like bodies, frames have many shapes, and tests assert on their members
export type Frame = any;

/** Such frames arrive at any time. */
export const isOfPresence = ({ type }: Frame): boolean => type === 'presence.changed';

export class RawSocket {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  #waiting: { readonly matches: (frame: Frame) => boolean; readonly resolve: (frame: Frame) => void }[] = [];
  #refs = 0;

  constructor(url: string, protocols: readonly string[] = [], headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(url, [...protocols], { headers });
    this.socket.on('message', (data: Buffer) => {
      const frame: Frame = JSON.parse(data.toString());
      this.frames.push(frame);
      const ready = this.#waiting.filter((waiter) => waiter.matches(frame));
      this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
      for (const waiter of ready) waiter.resolve(frame);
    });
    // `opened` and `closed` report these errors.
    this.socket.on('error', () => undefined);
  }

  async opened(): Promise<this> {
    if (this.socket.readyState === WebSocket.OPEN) return this;
    await Promise.race([
      once(this.socket, 'open'),
      once(this.socket, 'unexpected-response').then((event: unknown[]) => {
        throw new Error(`The handshake was rejected with ${(event[1] as { statusCode?: number }).statusCode}`);
      }),
    ]);
    return this;
  }

  /** Matches received and future frames. */
  async frame(matches: (frame: Frame) => boolean, withinMs = 10_000): Promise<Frame> {
    const seen: Frame = this.frames.find(matches);
    if (seen !== undefined) return seen;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`No such frame arrived. Received: ${JSON.stringify(this.frames).slice(0, 2000)}`)),
        withinMs,
      );
      this.#waiting.push({
        matches,
        resolve: (frame) => {
          clearTimeout(timer);
          resolve(frame);
        },
      });
    });
  }

  async request(action: string, data: unknown, withinMs?: number): Promise<Frame> {
    this.#refs += 1;
    const ref = `r${this.#refs}`;
    this.socket.send(JSON.stringify({ action, ref, data }));
    return this.frame((frame) => frame.ref === ref, withinMs);
  }

  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return 1006;
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = this.closed();
    this.socket.close();
    await closed;
  }

  /** Sends no close frame, like a lost network. */
  cut(): void {
    this.socket.terminate();
  }
}

export interface SignedIn {
  readonly token: string;
  readonly refreshToken: string;
  readonly userId: string;
  readonly tenantId: string;
}

export async function signIn(
  url: string,
  tenant: string | undefined,
  email: string,
  password: string,
): Promise<SignedIn> {
  const answer = await call(url, 'POST', '/api/v1/auth/login', {
    body: { ...(tenant === undefined ? {} : { tenant }), email, password },
  });
  if (answer.status !== 200) throw new Error(`Login of ${email} was rejected: ${answer.text}`);
  return {
    token: answer.body.accessToken,
    refreshToken: answer.body.refreshToken,
    userId: answer.body.user.id,
    tenantId: answer.body.user.tenantId,
  };
}
